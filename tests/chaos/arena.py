"""One run: servers, processes and monkey in a folder of their own, from the first slot to the last mail."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.chaos import snapshot
from tests.chaos.attack import ORDERS, Attack
from tests.chaos.monkey import Broker, Monkey
from tests.chaos.orders import Orders
from tests.chaos.processes import PYTHON, Processes, wait_until
from tests.chaos.servers import rabbitmq, redis
from tests.chaos.servers.ports import answers, free_ports
from tests.chaos.servers.postgresql import PostgreSQL
from tests.chaos.snapshot import Snapshot

ROOT = Path(__file__).resolve().parents[2]
DATABASE = "chaos"
REDIS, RABBITMQ = "redis", "rabbitmq"
BEATS, TICKERS, WORKERS = 2, 3, 2
STEP = 0.1
LEAVE_AT = 0.4
"""Share of the work that is done when some endpoints are deleted."""
OPEN_ROWS = """
SELECT 'report', id::text, status, attempt, failures, rescues, error_code, wake_at - now() AS wakes_in
FROM report_scheduling_generatedreport WHERE wake_at IS NOT NULL
UNION ALL
SELECT 'delivery', id::text, status, attempt, failures, 0, error_code, wake_at - now()
FROM report_scheduling_delivery WHERE wake_at IS NOT NULL
ORDER BY wakes_in LIMIT 30
"""
OPEN_WORK = """
SELECT (SELECT count(*) FROM report_scheduling_generatedreport WHERE wake_at IS NULL),
       (SELECT count(*) FROM report_scheduling_delivery WHERE wake_at IS NOT NULL)
"""


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much work, for how many hands.

    :param spread: seconds over which the slots fall due.
    :param concurrency: processes of each worker's pool.
    :param patience: seconds after which a run counts as stuck.
    """

    reports: int
    spread: int
    concurrency: int
    patience: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a run.

    :param seconds: from the first slot until nothing was open any more.
    :param after_sweep: after a purge of two days later, when only orphans are old enough.
    :param after_purge: after a purge once everything is past its retention.
    :param done: blow → how often it was struck, or ordered.
    :param obeyed: ordered blow → how often a process took it.
    """

    seconds: float
    after_run: Snapshot
    after_sweep: Snapshot
    after_purge: Snapshot
    done: dict[str, int]
    obeyed: dict[str, int]
    own_deaths: list[str]
    logs: str


@contextmanager
def arena(broker: str) -> Iterator[Arena]:
    """Build everything up, and leave nothing behind; a watchdog sees to it even when this process is killed."""
    run = uuid.uuid4().hex
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.chmod(0o711)  # the system user of PostgreSQL has to get through
    command = [PYTHON, "-m", "tests.chaos.watchdog", run, str(folder)]
    watchdog = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, start_new_session=True)
    processes = Processes(run=run, logs=folder)
    try:
        yield Arena(processes, folder=folder, broker=broker)
    finally:
        processes.end()
        shutil.rmtree(folder, ignore_errors=True)
        watchdog.communicate()


class Arena:
    """The place of a run."""

    def __init__(self, processes: Processes, *, folder: Path, broker: str) -> None:
        self.folder = folder
        self.processes = processes
        database_port, broker_port, far_database, far_broker, smtp_port, webhook_port, *more = free_ports(8)
        Orders(folder).prepare()
        (folder / "media").mkdir()
        self.database = PostgreSQL(processes, folder=folder / "postgresql", port=far_database)
        self.database.create(DATABASE)
        self.broker: Broker
        if broker == REDIS:
            self.broker = redis.Redis(processes, folder=folder / "redis", port=far_broker)
            url = redis.Redis.url(broker_port)
        else:
            self.broker = rabbitmq.RabbitMQ(processes, folder=folder / "rabbitmq", ports=(far_broker, more[0], more[1]))
            url = rabbitmq.RabbitMQ.url(broker_port)
        processes.environment = {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "tests.chaos.host_settings",
            "CHAOS_FOLDER": str(folder),
            "CHAOS_SMTP_PORT": str(smtp_port),
            "CHAOS_WEBHOOK_PORT": str(webhook_port),
            "CHAOS_DATABASE_URL": f"postgres://postgres@127.0.0.1:{database_port}/{DATABASE}",
            "CHAOS_BROKER_URL": url,
        }
        self._module("database-proxy", "proxy", "proxy", database_port, far_database, folder / "database-cut")
        self._module("broker-proxy", "proxy", "proxy", broker_port, far_broker, folder / "broker-cut")
        self._module("smtp", "smtp", "servers.smtp", smtp_port, folder)
        self._module("webhooks", "webhooks", "servers.webhooks", webhook_port, folder)
        for port in (database_port, broker_port, smtp_port, webhook_port):
            wait_until(lambda port=port: answers(port), what=f"port {port}", tells=processes.tails)
        processes.run_once(PYTHON, "-m", "django", "migrate", "-v0")

    def run(self, size: Size, attack: Attack, *, tell: Callable[[str], None] = lambda _text: None) -> Outcome:
        """Let it all happen.

        :raises RuntimeError: it did not come to its end in time; the message has the logs.
        """
        self._start_host(size)
        monkey = Monkey(
            attack, processes=self.processes, database=self.database, broker=self.broker, folder=self.folder
        )
        arguments = [str(size.reports), str(size.spread), str(attack.seed)]
        self.processes.run_once(PYTHON, "-m", "tests.chaos.load", *arguments)
        seconds = self._until_done(size, monkey, tell)
        logs = self.processes.tails()
        # Those that were woken last may still be at work, though nothing that they do counts any more.
        self.processes.retire("beat", "ticker", "worker")
        after_run = self._look()
        obeyed = {blow: monkey.orders.obeyed(*order) for blow, order in ORDERS.items()}
        obedient = {pid for pids in obeyed.values() for pid in pids}
        self._sweep(days=2)
        after_sweep = self._look()
        self._sweep(days=400)
        return Outcome(
            seconds=seconds,
            after_run=after_run,
            after_sweep=after_sweep,
            after_purge=self._look(),
            done=dict(monkey.done),
            obeyed={blow: len(pids) for blow, pids in obeyed.items()},
            own_deaths=[death for pid, death in self.processes.own_deaths.items() if pid not in obedient],
            logs=logs,
        )

    def _start_host(self, size: Size) -> None:
        celery = (PYTHON, "-m", "celery", "-A", "tests.chaos.celery_app")
        for number in range(WORKERS):
            worker = ("worker", f"--concurrency={size.concurrency}", "-n", f"worker{number}@chaos", "--loglevel=INFO")
            self.processes.add(f"worker{number}", "worker", *celery, *worker, "--without-mingle", "--without-gossip")
        for number in range(BEATS):
            beat = ("beat", "--schedule", str(self.folder / f"beat{number}"), "--pidfile=")
            self.processes.add(f"beat{number}", "beat", *celery, *beat)
        for number in range(TICKERS):
            tick = ("django", "report_scheduling", "tick", "--loop", "--interval=1")
            self.processes.add(f"ticker{number}", "ticker", PYTHON, "-m", *tick)

    def _until_done(self, size: Size, monkey: Monkey, tell: Callable[[str], None]) -> float:
        slots = sum(len(planned.slots) for planned in snapshot.plan(self.folder))
        start = told = time.monotonic()
        done, deliveries, left = 0, 0, False
        while done < slots or deliveries or not monkey.finished or not left:
            done, deliveries = self._open_work() or (done, deliveries)
            monkey.act(done / slots)
            left = left or (done >= slots * LEAVE_AT and self._leave())
            self.processes.revive()
            if time.monotonic() - told > 10:
                told = time.monotonic()
                tell(f"{told - start:4.0f} s: {done} of {slots} reports, {sum(monkey.done.values())} blows")
            if time.monotonic() - start > size.patience:
                msg = (
                    f"after {size.patience:.0f} s {done} of {slots} reports are done, {deliveries} deliveries are open"
                )
                raise RuntimeError(f"{msg}\n{self._open_rows()}\n{self.processes.tails()}")
            time.sleep(STEP)
        monkey.orders.withdraw()
        return time.monotonic() - start

    def _leave(self) -> bool:
        """Have some endpoints deleted; whether it came to that, with the database under attack too."""
        try:
            self.processes.run_once(PYTHON, "-m", "tests.chaos.leave")
        except (RuntimeError, subprocess.TimeoutExpired):
            return False
        return True

    def _open_work(self) -> tuple[int, int] | None:
        try:
            with psycopg.connect(self.database.dsn(DATABASE), connect_timeout=3) as connection:
                row = connection.execute(OPEN_WORK).fetchone()
        except psycopg.OperationalError:  # it is being restarted
            return None
        return row

    def _open_rows(self) -> str:
        with psycopg.connect(self.database.dsn(DATABASE), connect_timeout=3) as connection:
            rows = connection.execute(OPEN_ROWS).fetchall()
        return "\n".join("  ".join(str(value) for value in row) for row in rows)

    def _look(self) -> Snapshot:
        return snapshot.take(dsn=self.database.dsn(DATABASE), folder=self.folder)

    def _sweep(self, *, days: int) -> None:
        self.processes.run_once(PYTHON, "-m", "tests.chaos.sweep", str(days))

    def _module(self, name: str, kind: str, module: str, *arguments: object) -> None:
        self.processes.add(
            name, kind, PYTHON, "-m", f"tests.chaos.{module}", *(str(argument) for argument in arguments)
        )
