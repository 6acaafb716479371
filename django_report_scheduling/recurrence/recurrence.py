"""When a schedule falls due: a value that is valid once it exists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from django_report_scheduling.choices import Frequency
from django_report_scheduling.exceptions import InvalidRecurrence
from django_report_scheduling.recurrence import fields
from django_report_scheduling.recurrence.construction import rule_for, timeline_for
from django_report_scheduling.recurrence.quoting import shown
from django_report_scheduling.recurrence.rule import RuleError
from django_report_scheduling.recurrence.timeline import INSTANT, Timeline

Problems = dict[str, list[str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recurrence:
    """When a schedule falls due, in the words of its fields.

    :param frequency: daily, weekly, monthly, quarterly (January, April, July, October), or custom.
    :param timezone: IANA name of the zone whose wall clocks count.
    :param time_of_day: local time, naive, whole seconds.
    :param day_of_week: 0 = Monday … 6, for weekly only.
    :param day_of_month: 1–28, or -1 = last day; for monthly and quarterly only.
    :param rule: RFC 5545 RRULE for custom only, e.g. ``FREQ=WEEKLY;BYDAY=MO,TH``. Its DTSTART is the local date of
        ``starts_at`` (without one: Monday, 1 January 2001) at ``time_of_day``; BYHOUR and BYMINUTE replace hour and
        minute. COUNT counts the slots from ``starts_at`` on and needs it. UNTIL is the last moment that still
        belongs: UTC with a Z, else local, and a bare date means that whole local day. An hourly rule counts on wall
        clocks: one slot for an hour that the clocks show twice, none of its own for an hour that they skip.
    :param starts_at: aware; no slot lies before it.
    :param ends_at: aware; no slot lies after it (a slot exactly then still belongs).
    :raises InvalidRecurrence: with every problem at once, by field of the schedule (``rule`` is ``recurrence`` there).
    """

    frequency: Frequency
    timezone: str
    time_of_day: dt.time
    day_of_week: int | None = None
    day_of_month: int | None = None
    rule: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    timeline: Timeline = field(init=False, repr=False, compare=False)
    """The slots themselves; for the functions of this folder."""

    def __post_init__(self) -> None:
        problems = self._field_problems()
        rule = None
        try:
            if not problems or self.frequency == Frequency.CUSTOM:
                rule = rule_for(*self._rule_fields)
        except RuleError as fault:
            problems.setdefault("recurrence", []).extend(fault.messages)
        if rule and rule.count and self.starts_at is None:
            message = _("Give a start: “COUNT=%(count)d” counts from it. Or end the rule with UNTIL instead.")
            problems.setdefault("starts_at", []).append(message % {"count": rule.count})
        if problems or rule is None:
            raise InvalidRecurrence(problems)
        object.__setattr__(self, "frequency", Frequency(self.frequency))
        object.__setattr__(self, "timeline", timeline_for(rule, self.timezone, self.time_of_day, self._ends))
        if problems := self._empty_problems():
            raise InvalidRecurrence(problems)

    @property
    def _rule_fields(self) -> tuple[str, int | None, int | None, str]:
        if self.frequency == Frequency.CUSTOM:
            return self.frequency, None, None, self.rule
        return self.frequency, self.day_of_week, self.day_of_month, ""

    @property
    def _ends(self) -> tuple[dt.datetime | None, dt.datetime | None]:
        return self.starts_at, self.ends_at

    def _field_problems(self) -> Problems:
        moments = fields.moment_problems(self.starts_at), fields.moment_problems(self.ends_at)
        order = [] if any(moments) else fields.order_problems(*self._ends)
        frequency = fields.frequency_problems(self.frequency)
        problems = {
            "frequency": frequency,
            "timezone": fields.timezone_problems(self.timezone),
            "time_of_day": fields.time_of_day_problems(self.time_of_day),
            "day_of_week": [] if frequency else fields.day_of_week_problems(self.frequency, self.day_of_week),
            "day_of_month": [] if frequency else fields.day_of_month_problems(self.frequency, self.day_of_month),
            "recurrence": [] if frequency else fields.rule_problems(self.frequency, self.rule),
            "starts_at": moments[0],
            "ends_at": [*moments[1], *order],
        }
        return {name: messages for name, messages in problems.items() if messages}

    def _empty_problems(self) -> Problems:
        """A schedule that would never run is a mistake of the person who wrote it."""
        timeline = self.timeline
        if timeline.pattern.empty:
            message = _("“%(rule)s” never falls due: no day and time fit all of its parts.")
            return {"recurrence": [message % {"rule": shown(self.rule)}]}
        if timeline.pattern.endless and timeline.last is None:
            return {}
        if self.starts_at is None or any(timeline.after(self.starts_at - INSTANT)):
            return {}
        if self.ends_at is not None and timeline.last == self.ends_at:
            message = _(
                "The schedule would never run: it has no slot between its start, %(start)s, and its end, %(end)s."
            )
            return {"ends_at": [message % {"start": self.starts_at.isoformat(), "end": self.ends_at.isoformat()}]}
        message = _("The schedule would never run: UNTIL is before the first slot that follows its start, %(start)s.")
        return {"recurrence": [message % {"start": self.starts_at.isoformat()}]}
