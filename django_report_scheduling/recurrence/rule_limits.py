"""What the parts of a rule forbid each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from django_report_scheduling.recurrence.rule import Rule, Unit

MAX_INTERVAL = {Unit.YEARLY: 10, Unit.MONTHLY: 120, Unit.WEEKLY: 520, Unit.DAILY: 3650, Unit.HOURLY: 87_600}
"""Ten years: what repeats less often is a mistake."""
ONLY_IN = {
    "BYWEEKNO": {Unit.YEARLY},
    "BYYEARDAY": {Unit.YEARLY, Unit.HOURLY},
    "BYMONTHDAY": {Unit.YEARLY, Unit.MONTHLY, Unit.DAILY, Unit.HOURLY},
    "BYSETPOS": {Unit.YEARLY, Unit.MONTHLY, Unit.WEEKLY, Unit.DAILY},
}
"""Table of RFC 5545 §3.3.10. BYSETPOS of an hourly rule would choose among one moment."""


def conflicts(rule: Rule, given: Collection[str]) -> list[str]:
    """What is wrong with the parts together, for people; empty when nothing is.

    :param given: names of the parts that the text holds.
    """
    return [*_misplaced(rule, given), *_too_dense_or_rare(rule), *_ordinals(rule), *_lonely(rule, given)]


def _misplaced(rule: Rule, given: Collection[str]) -> Iterator[str]:
    for name, units in ONLY_IN.items():
        if name in given and rule.unit not in units:
            message = _("%(name)s cannot be combined with FREQ=%(unit)s, only with FREQ=%(units)s.")
            yield message % {
                "name": name,
                "unit": rule.unit,
                "units": ", ".join(unit for unit in Unit if unit in units),
            }


def _too_dense_or_rare(rule: Rule) -> Iterator[str]:
    if len(rule.minutes) > 1:
        minutes = ",".join(str(minute) for minute in sorted(rule.minutes))
        yield _("“BYMINUTE=%(minutes)s”: give a single minute, reports cannot fall due more often than hourly.") % {
            "minutes": minutes
        }
    limit = MAX_INTERVAL[rule.unit]
    if rule.interval > limit:
        message = _("“INTERVAL=%(interval)d” is out of range: 1 to %(limit)d for FREQ=%(unit)s.")
        yield message % {"interval": rule.interval, "limit": limit, "unit": rule.unit}


def _ordinals(rule: Rule) -> Iterator[str]:
    highest = max((abs(ordinal) for _weekday, ordinal in rule.weekdays), default=0)
    if not highest:
        return
    if rule.unit not in {Unit.YEARLY, Unit.MONTHLY} or rule.week_numbers:
        yield _("BYDAY takes a number, as in 1MO, only with FREQ=MONTHLY, or with FREQ=YEARLY without BYWEEKNO.")
    elif highest > 5 and (rule.unit is Unit.MONTHLY or rule.months):
        yield _("BYDAY counts up to 5 weekdays in a month, but the rule asks for number %(ordinal)d.") % {
            "ordinal": highest
        }


def _lonely(rule: Rule, given: Collection[str]) -> Iterator[str]:
    if rule.count is not None and rule.until is not None:
        yield _("Give COUNT or UNTIL, not both.")
    if rule.positions and not any(name.startswith("BY") and name != "BYSETPOS" for name in given):
        yield _("BYSETPOS chooses among the days of another part, for example FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1.")
