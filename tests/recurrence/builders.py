"""Short ways to write recurrences and instants in tables."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.exceptions import InvalidRecurrence
from django_report_scheduling.recurrence import Recurrence


def utc(text: str) -> dt.datetime:
    return naive(text).replace(tzinfo=dt.UTC)


def naive(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def local(text: str, zone: str) -> dt.datetime:
    """The (first) instant at which the clocks of ``zone`` show ``text``, in UTC."""
    return naive(text).replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def wall(instant: dt.datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def recurrence(frequency: str = "daily", zone: str = "Europe/Berlin", at: str = "08:00", **fields: Any) -> Recurrence:
    return Recurrence(frequency=frequency, timezone=zone, time_of_day=dt.time.fromisoformat(at), **fields)


def custom(rule: str, zone: str = "Europe/Berlin", at: str = "08:00", **fields: Any) -> Recurrence:
    return recurrence("custom", zone, at, rule=rule, **fields)


def problems(**fields: Any) -> dict[str, list[str]]:
    """What is wrong with these fields, by field."""
    defaults = {"frequency": "daily", "timezone": "Europe/Berlin", "time_of_day": dt.time(8)}
    with pytest.raises(InvalidRecurrence) as caught:
        Recurrence(**(defaults | fields))
    return caught.value.errors


def rule_problem(rule: str, **fields: Any) -> str:
    """The only message about a rule."""
    errors = problems(frequency="custom", rule=rule, **fields)
    assert list(errors) == ["recurrence"]
    (message,) = errors["recurrence"]
    return message
