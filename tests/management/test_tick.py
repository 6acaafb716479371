"""``tick`` runs what is due, once or until it is told to stop."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from celery.schedules import crontab
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.utils import OperationalError

from django_report_scheduling.management.stop_signals import StopSignals
from django_report_scheduling.management.subcommands import tick
from django_report_scheduling.models import GeneratedReport, Heartbeat
from django_report_scheduling.tasks.tick import TickResult
from tests.factories import ReportScheduleFactory
from tests.mail_settings import send_through

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ticks(monkeypatch):
    """Replace the tick by the given outcomes; the last one comes with the signal to stop."""

    def plan(*outcomes: object, number: signal.Signals = signal.SIGTERM) -> list[object]:
        left = list(outcomes)

        def run_tick(*, clock: object) -> TickResult:
            outcome = left.pop(0)
            if not left:
                os.kill(os.getpid(), number)
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        monkeypatch.setattr(tick, "run_tick", run_tick)
        return left

    return plan


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """How long the loop wanted to wait; it does not wait."""
    seen: list[float] = []
    monkeypatch.setattr(StopSignals, "wait", lambda _self, seconds: seen.append(seconds))
    return seen


def result(expanded: int = 0) -> TickResult:
    return TickResult(expanded=expanded, rescued=0, published=0)


def test_one_tick_says_what_it_did(run, celery, sample_report):
    ReportScheduleFactory()
    assert run("tick").out == "Tick: 1 schedules due, 0 taken back, 1 messages published.\n"
    assert GeneratedReport.objects.exists()
    assert Heartbeat.objects.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_loop_finishes_the_tick_in_hand_and_stops(run, ticks, pauses, number: signal.Signals):
    before = signal.getsignal(number)
    left = ticks(result(), result(expanded=2), number=number)
    lines = run("tick", "--loop").lines
    assert left == []
    assert "2 schedules due" in lines[1]
    assert lines[-1] == "Stopped."
    assert signal.getsignal(number) is before


def test_ticks_without_work_are_silent_unless_asked(run, ticks, pauses):
    ticks(result(), result())
    assert len(run("tick", "--loop").lines) == 2
    ticks(result(), result())
    assert len(run("tick", "--loop", "--verbosity", "2").lines) == 4


def test_a_database_that_is_away_is_waited_for_longer_and_longer(run, ticks, pauses, caplog, settings):
    send_through(settings, "smtp", password="canary-password")
    away = OperationalError("no route\nto host canary-password")
    ticks(*[away] * 8, result(), away, result())
    run("tick", "--loop", "--interval", 30)
    assert pauses[:8] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert pauses[8] == pytest.approx(30, abs=1)
    assert pauses[9] == 1
    assert "OperationalError: no route to host ***); trying again in 1 s" in caplog.messages[0]


def test_a_fault_in_the_code_ends_the_loop(run, ticks, pauses):
    ticks(TypeError("a bug"), result())
    with pytest.raises(TypeError, match="a bug"):
        run("tick", "--loop")


@pytest.mark.parametrize(
    ("setting", "expected"), [(30, 30), (0.5, 0.5), (dt.timedelta(minutes=2), 120), (crontab(minute="*"), 60)]
)
def test_the_pause_follows_the_setting(run, settings, setting, expected: float):
    settings.REPORT_SCHEDULING = {"TICK_SCHEDULE": setting}
    pause = tick.seconds_until_next(dt.datetime.now(tz=dt.UTC), None)
    assert 0 < pause <= expected


def test_a_tick_that_took_longer_than_the_interval_is_followed_at_once():
    assert tick.seconds_until_next(dt.datetime.now(tz=dt.UTC) - dt.timedelta(minutes=5), 30) == 0


@pytest.mark.parametrize("seconds", ["0", "-1", "soon", "nan", "inf"])
def test_an_interval_that_is_none_is_refused(run, seconds: str):
    with pytest.raises(CommandError, match="seconds above zero are wanted"):
        run("tick", "--loop", f"--interval={seconds}")


def test_waiting_ends_soon_after_a_signal():
    with StopSignals() as signals:
        signals.wait(0.01)
        assert not signals.stopped
        os.kill(os.getpid(), signal.SIGTERM)
        signals.wait(60)
        assert signals.stopped
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_real_process_ticks_and_ends_cleanly(tmp_path: Path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_SCRATCH": str(tmp_path),
        "TEST_DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "PYTHONPATH": str(ROOT),
    }
    django = [sys.executable, "-m", "django"]
    subprocess.run([*django, "migrate", "--verbosity=0"], env=environment, check=True, timeout=300)
    loop = [*django, "report_scheduling", "tick", "--loop", "--interval=0.1", "-v2"]
    with subprocess.Popen(loop, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.terminate()
        rest = process.communicate(timeout=120)[0]
    assert "Ticking" in lines[0]
    assert "0 schedules due" in lines[2]
    assert rest.endswith("Stopped.\n")
    assert process.returncode == 0


def test_a_broker_that_takes_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    result = TickResult(expanded=1, rescued=0, published=0, unpublished=1)
    monkeypatch.setattr("django_report_scheduling.management.subcommands.tick.run_tick", lambda clock: result)

    with pytest.raises(CommandError, match="did not take 1 messages"):
        call_command("report_scheduling", "tick")
