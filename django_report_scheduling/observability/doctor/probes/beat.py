"""Something ticks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from celery.schedules import maybe_schedule

from django_report_scheduling.conf import conf
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.probes.celery_app import celery_command
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.heartbeats import TICK, last_beat

MISSED = 3
"""Intervals without a tick that count as silence."""
IRREGULAR_INTERVAL = dt.timedelta(minutes=1)
"""Grace for a schedule without a fixed interval, e.g. a crontab."""


class BeatProbe(Probe):
    """Looks at the heartbeat that every tick writes."""

    part = "beat"
    requires = ("database", "migrations")

    def run(self) -> Iterable[Finding]:
        """Yield how old the heartbeat is."""
        last = last_beat(TICK)
        if last is None:
            yield self.fail("No tick has ever run, so no schedule falls due.", fix=self._start())
            return
        age = database_now() - last
        seconds = max(0, round(age.total_seconds()))
        if _is_silent(last, age):
            yield self.fail(f"The last tick ran {seconds} s ago; no schedule falls due since.", fix=self._start())
        else:
            yield self.ok(f"The last tick ran {seconds} s ago.")

    def _start(self) -> str:
        return (
            f"Start beat, and a worker to run what it sends: {celery_command('beat')} — or without beat: "
            f"python manage.py report_scheduling tick --loop"
        )


def _is_silent(last: dt.datetime, age: dt.timedelta) -> bool:
    setting: Any = conf.TICK_SCHEDULE
    rhythm: Any = maybe_schedule(setting)
    interval: dt.timedelta | None = getattr(rhythm, "run_every", None)
    if interval is not None:
        return age > interval * MISSED
    overdue: dt.timedelta = -rhythm.remaining_estimate(last)
    return overdue > IRREGULAR_INTERVAL * MISSED
