"""A worker answers, knows the tasks, and listens where they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django_report_scheduling.conf import conf
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.probes.celery_app import celery_app, celery_command
from django_report_scheduling.observability.doctor.time_limit import within
from django_report_scheduling.tasks import names

TASKS: Final = (names.TICK, names.GENERATE_REPORT, names.DELIVER, names.PURGE)


class WorkerProbe(Probe):
    """Asks the workers through Celery's remote control.

    :param seconds: how long to wait for answers; a worker of the solo pool answers only between two tasks.
    """

    part = "worker"
    requires = ("celery app", "broker")
    fix = "Start a worker, as “docs/reference/commands.md” shows."

    def __init__(self, *, seconds: float = 2) -> None:
        self._seconds = seconds

    def run(self) -> Iterable[Finding]:
        """Yield who answered and what is missing."""
        app = celery_app()
        if app.conf.task_always_eager:
            yield self.skip("Not needed: tasks run inside the process that sends them.")
            return
        if not _can_ask(app):
            yield self.warn(
                "Workers behind this broker cannot be asked whether they are there.",
                fix="Look at the parts beat and backlog: a heartbeat that is fresh was written by a worker.",
            )
            return
        queues, known = within(self._seconds * 6, lambda: _ask(app, self._seconds))
        if not queues:
            yield self.fail(
                f"No worker answered within {self._seconds:g} s.",
                fix=f"Start one: {celery_command('worker -l info')}{_options(set(_wanted(app).values()))}",
            )
            return
        problems = [*self._unheard(_wanted(app), queues), *self._unknown(known)]
        yield from problems
        if not problems:
            yield self.ok(f"{', '.join(sorted(queues))} listens on every queue that is used.")

    def _unheard(self, wanted: dict[str, str], queues: dict[str, set[str]]) -> Iterator[Finding]:
        heard = set().union(*queues.values())
        deaf = sorted(set(wanted.values()) - heard)
        if deaf:
            tasks = ", ".join(task for task, queue in wanted.items() if queue in deaf)
            yield self.fail(
                f"No worker listens on {', '.join(deaf)}, where {tasks} is sent; they listen on "
                f"{', '.join(sorted(heard))}.",
                fix=f"Start one: {celery_command('worker -l info')} -Q {','.join(deaf)}",
            )

    def _unknown(self, known: set[str]) -> Iterator[Finding]:
        missing = [task for task in TASKS if task not in known]
        if missing:
            yield self.fail(
                f"No worker knows the task {', '.join(missing)}.",
                fix=(
                    "Call app.autodiscover_tasks() in your_project/celery.py, keep django_report_scheduling in "
                    "INSTALLED_APPS of the worker's settings, and restart the workers."
                ),
            )


def _can_ask(app: Any) -> bool:
    with app.connection_for_write() as connection:
        return bool(connection.supports_exchange_type("fanout"))


def _ask(app: Any, seconds: float) -> tuple[dict[str, set[str]], set[str]]:
    active_queues = app.control.inspect(timeout=seconds).active_queues()
    queues = {worker: {queue["name"] for queue in active} for worker, active in (active_queues or {}).items()}
    # With a limit it does not wait for more answers than there can be.
    registered = (app.control.inspect(timeout=seconds, limit=len(queues)).registered() or {}) if queues else {}
    # A worker may describe a task as "name [rate_limit=…]".
    return queues, {task.split()[0] for tasks in registered.values() for task in tasks}


def _wanted(app: Any) -> dict[str, str]:
    return {task: conf.QUEUES.get(task) or str(app.amqp.router.route({}, task)["queue"].name) for task in TASKS}


def _options(queues: set[str]) -> str:
    return f" -Q {','.join(sorted(queues))}" if conf.QUEUES else ""
