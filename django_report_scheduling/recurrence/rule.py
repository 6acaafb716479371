"""A recurrence rule as values: the parts of an RFC 5545 RRULE that report schedules use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

NONE: frozenset[int] = frozenset()


class Unit(StrEnum):
    """The FREQ of a rule; what is shorter than an hour is not offered."""

    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """RFC 5545 §3.3.10, without BYSECOND. An empty set means that the part was not given.

    :param weekdays: pairs of weekday (0 = Monday) and ordinal (2 = second, -1 = last, 0 = each).
    :param until: aware for the UTC form, naive for the local form; the last moment that still belongs.
    """

    unit: Unit
    interval: int = 1
    count: int | None = None
    until: dt.datetime | None = None
    week_start: int = 0
    months: frozenset[int] = NONE
    week_numbers: frozenset[int] = NONE
    year_days: frozenset[int] = NONE
    month_days: frozenset[int] = NONE
    weekdays: frozenset[tuple[int, int]] = frozenset()
    hours: frozenset[int] = NONE
    minutes: frozenset[int] = NONE
    positions: frozenset[int] = NONE

    def anchored(self, start: dt.datetime) -> Rule:
        """The rule with what it leaves open taken from ``start`` (local, naive), as DTSTART does in RFC 5545."""
        rule = replace(self, minutes=self.minutes or frozenset({start.minute}))
        if self.unit is Unit.HOURLY:
            return rule
        rule = replace(rule, hours=self.hours or frozenset({start.hour}))
        if self.weekdays or self.month_days or self.year_days or self.unit is Unit.DAILY:
            return rule
        if self.unit is Unit.WEEKLY or self.week_numbers:
            return replace(rule, weekdays=frozenset({(start.weekday(), 0)}))
        months = self.months if self.unit is Unit.MONTHLY else self.months or frozenset({start.month})
        return replace(rule, months=months, month_days=frozenset({start.day}))


class RuleError(Exception):
    """A text is not a rule that can be scheduled; ``messages`` say why, for people."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__(" ".join(messages))
        self.messages = list(messages)
