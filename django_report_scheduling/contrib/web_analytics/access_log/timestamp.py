"""The time of a log line, e.g. ``17/May/2015:10:05:03 +0000``, as seconds since 1970."""

from __future__ import annotations

import datetime as dt

from django_report_scheduling.contrib.web_analytics.access_log.line import LineFields

_MONTHS = {
    name: number
    for number, name in enumerate(
        (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"), start=1
    )
}
_REMEMBERED = 10_000


class TimestampReader:
    """Turns the time of a line into a number; each minute is worked out once, not once a line."""

    def __init__(self) -> None:
        self._minutes: dict[bytes, int] = {}

    def read(self, fields: LineFields) -> int | None:
        """Return the moment as seconds since 1970-01-01 00:00 UTC, or ``None`` when there is no such moment."""
        key = fields[1] + fields[3]
        start = self._minutes.get(key)
        if start is None:
            try:
                start = _start_of_minute(fields[1], fields[3])
            except ValueError:
                return None
            if len(self._minutes) >= _REMEMBERED:
                self._minutes.clear()
            self._minutes[key] = start
        seconds = int(fields[2])
        return start + min(seconds, 59) if seconds <= 60 else None


def _start_of_minute(minute: bytes, offset: bytes) -> int:
    """Return the first second of e.g. ``17/May/2015:10:05`` at e.g. ``+0200``."""
    away = dt.timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5]))
    zone = dt.timezone(-away if offset.startswith(b"-") else away)
    day, month, year = int(minute[0:2]), _MONTHS.get(minute[3:6], 0), int(minute[7:11])
    moment = dt.datetime(year, month, day, int(minute[12:14]), int(minute[15:17]), tzinfo=zone)
    return int(moment.timestamp())
