"""Between wall clocks and UTC: the only place where a local time becomes an instant."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

DAY = dt.timedelta(days=1)
NO_TIME = dt.timedelta()


def to_utc(local: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """The instant at which the wall clocks of ``zone`` show ``local``, in UTC.

    RFC 5545 §3.3.5: a time that the clocks skip is read with the offset before the gap (02:30 becomes 03:30), a time
    that they show twice is the first of the two.

    :param local: naive; its ``fold`` is ignored.
    :raises ValueError: when ``local`` is aware.
    """
    if local.tzinfo is not None:
        msg = f"A wall-clock time is naive, got {local!r}."
        raise ValueError(msg)
    return local.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)


def in_utc(instant: dt.datetime) -> dt.datetime:
    """The same instant in UTC, where comparing and subtracting mean what they say (in one zone they ignore its clocks).

    :raises ValueError: when ``instant`` is naive.
    """
    if instant.tzinfo is None:
        msg = f"An instant is aware, got {instant!r}: give it a time zone."
        raise ValueError(msg)
    return instant.astimezone(dt.UTC)


def to_local(instant: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """What the wall clocks of ``zone`` show at ``instant`` (aware), naive."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def clock_change(instant: dt.datetime, zone: dt.tzinfo) -> dt.timedelta:
    """How far the clocks of ``zone`` were moved during the 24 hours before ``instant``: forward > 0, back < 0."""
    return to_local(instant, zone) - to_local(instant - DAY, zone) - DAY


def day_start(day: dt.date, zone: dt.tzinfo) -> dt.datetime:
    """First instant of a local calendar day, in UTC; where midnight is skipped, the end of the gap."""
    return to_utc(dt.datetime.combine(day, dt.time.min), zone)


def day_before(day: dt.date, zone: dt.tzinfo) -> dt.date:
    """The calendar day before ``day`` that existed in ``zone`` (Samoa had no 30 December 2011)."""
    before = day - DAY
    while day_start(before, zone) == day_start(day, zone):
        before -= DAY
    return before


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime"}  # a file of the machine, not a zone of the IANA


def find_zone(name: str) -> ZoneInfo | None:
    """The zone with this IANA name, or ``None`` when there is none.

    Stricter than ``ZoneInfo(name)``, which would open any file below the zone directory (``right/Europe/Berlin``
    counts leap seconds, ``localtime`` differs between machines).
    """
    return ZoneInfo(name) if name in _zone_names() else None


def zone_names() -> frozenset[str]:
    """Every IANA name that :func:`find_zone` knows."""
    return _zone_names()
