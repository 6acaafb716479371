"""``tick``: run what is due, once or for ever."""

from __future__ import annotations

import datetime as dt
import logging
import math
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, Final

from celery.schedules import maybe_schedule
from django.core.management.base import CommandError
from django.db import Error as DatabaseError
from django.db import close_old_connections
from django.utils.timezone import localtime
from kombu.exceptions import OperationalError as BrokerError

from django_report_scheduling.conf import conf
from django_report_scheduling.management.stop_signals import StopSignals
from django_report_scheduling.management.subcommands.base import Subcommand
from django_report_scheduling.observability.doctor.redaction import redacted
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.tasks.tick import TickResult, run_tick

logger = logging.getLogger(__name__)

AWAY: Final = (DatabaseError, BrokerError, OSError)
"""What a database or broker that is away for a while raises."""
LONGEST_PAUSE: Final = 60.0
"""Seconds between two attempts to reach them again, at most."""


def interval(text: str) -> float:
    """Read the value of ``--interval``."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds > 0):
        msg = f"seconds above zero are wanted, got {text!r}"
        raise ArgumentTypeError(msg)
    return seconds


class Tick(Subcommand):
    """Does what beat and a worker do together for the tick, where cron or systemd is preferred."""

    help = (
        "Run one tick: make reports of the schedules that are due, take back what vanished workers held, and publish "
        "what waits. With --loop, go on until SIGINT or SIGTERM; that replaces beat, not the workers."
    )

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declare the loop."""
        parser.add_argument("--loop", action="store_true", help="Repeat until SIGINT or SIGTERM.")
        parser.add_argument(
            "--interval",
            type=interval,
            metavar="SECONDS",
            help='Seconds between two ticks of --loop; default: REPORT_SCHEDULING["TICK_SCHEDULE"].',
        )

    def run(self, **options: Any) -> None:
        """Run one tick, or loop."""
        if not options["loop"]:
            self._once()
            return
        with StopSignals() as signals:
            self._loop(signals, options["interval"], talkative=options["verbosity"] > 1)
        self.stdout.write("Stopped.")

    def _once(self) -> None:
        result = run_tick(clock=database_now)
        self.stdout.write(f"Tick: {described(result)}.")
        if result.unpublished:
            msg = (
                f"The broker did not take {result.unpublished} messages. Nothing is lost: they are sent again when "
                f"they count as lost. Does the broker of CELERY_BROKER_URL run? `report_scheduling doctor` tells more."
            )
            raise CommandError(msg)

    def _loop(self, signals: StopSignals, every: float | None, *, talkative: bool) -> None:
        self._say("Ticking; stop with Ctrl-C or SIGTERM.")
        failures = 0
        while not signals.stopped:
            started = dt.datetime.now(tz=dt.UTC)
            close_old_connections()
            try:
                result = run_tick(clock=database_now)
            except AWAY as error:
                failures += 1
                pause = min(2.0 ** (failures - 1), LONGEST_PAUSE)
                self._complain(error, pause)
            else:
                failures = 0
                pause = seconds_until_next(started, every)
                if talkative or result != IDLE:
                    self._say(f"Tick: {described(result)}.")
            signals.wait(pause)

    def _say(self, text: str) -> None:
        self.stdout.write(f"{localtime():%H:%M:%S} {text}")
        self.stdout.flush()

    def _complain(self, error: Exception, pause: float) -> None:
        text = redacted(" ".join(str(error).split()))
        logger.error(
            "The tick failed (%s: %s); trying again in %.0f s.", type(error).__name__, text, pause
        )  # a server that is away needs no traceback


IDLE: Final = TickResult(expanded=0, rescued=0, published=0)


def described(result: TickResult) -> str:
    """Return what a tick did, for people."""
    text = f"{result.expanded} schedules due, {result.rescued} taken back, {result.published} messages published"
    return f"{text}, {result.unpublished} not taken by the broker" if result.unpublished else text


def seconds_until_next(started: dt.datetime, every: float | None) -> float:
    """Return how long to wait after a tick that started then.

    :param every: the interval; ``None`` takes ``TICK_SCHEDULE``, which may also be a crontab.
    """
    setting: Any = conf.TICK_SCHEDULE if every is None else every
    rhythm: Any = maybe_schedule(setting)
    left: dt.timedelta = rhythm.remaining_estimate(started)
    return max(0.0, left.total_seconds())
