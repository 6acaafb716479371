"""The single parts of an RRULE: how the text of each is read, and what it may hold."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.recurrence.rule import Unit

MAX_COUNT = 1000
WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
NUMBER = re.compile(r"[+-]?[0-9]{1,6}")
WEEKDAY = re.compile(r"(?P<ordinal>[+-]?[0-9]{1,2})?(?P<name>MO|TU|WE|TH|FR|SA|SU)")
UNTIL_FORMATS = {8: "%Y%m%d", 15: "%Y%m%dT%H%M%S", 16: "%Y%m%dT%H%M%SZ"}


class Reader(NamedTuple):
    """Reads one part: the field of the rule that it fills, the function (``None`` = not valid), what is valid."""

    field: str
    read: Callable[[str], object | None]
    explanation: str | Promise


def _numbers(lowest: int, highest: int, *, from_the_end: bool = False) -> Callable[[str], object | None]:
    def read(text: str) -> frozenset[int] | None:
        if not all(NUMBER.fullmatch(item) for item in text.split(",")):
            return None
        numbers = frozenset(int(item) for item in text.split(","))
        sizes = {abs(number) for number in numbers} if from_the_end else numbers
        return numbers if all(lowest <= size <= highest for size in sizes) else None

    return read


def _number(lowest: int, highest: int) -> Callable[[str], object | None]:
    def read(text: str) -> int | None:
        number = int(text) if NUMBER.fullmatch(text) else lowest - 1
        return number if lowest <= number <= highest else None

    return read


def _weekdays(text: str) -> frozenset[tuple[int, int]] | None:
    found = [WEEKDAY.fullmatch(item) for item in text.split(",")]
    pairs = frozenset((WEEKDAYS[item["name"]], int(item["ordinal"] or 0)) for item in found if item)
    well_formed = all(item and item["ordinal"] not in {"0", "+0", "-0", "00", "+00", "-00"} for item in found)
    return pairs if well_formed and all(abs(ordinal) <= 53 for _weekday, ordinal in pairs) else None


def _until(text: str) -> dt.datetime | None:
    """RFC 5545's three forms: a UTC time, a local time, or a date, which means the whole local day."""
    try:
        moment = dt.datetime.strptime(text, UNTIL_FORMATS[len(text)])  # noqa: DTZ007 - local unless it ends in Z
    except (KeyError, ValueError):
        return None
    if not 1970 <= moment.year <= 2999:
        return None
    if text.endswith("Z"):
        return moment.replace(tzinfo=dt.UTC)
    return moment if "T" in text else dt.datetime.combine(moment.date(), dt.time.max)


READERS: dict[str, Reader] = {
    "FREQ": Reader(
        "unit",
        {unit.value: unit for unit in Unit}.get,
        _("FREQ is one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY; reports cannot fall due more often than hourly."),
    ),
    "INTERVAL": Reader("interval", _number(1, 99_999), _("INTERVAL is a whole number from 1 up to ten years' worth.")),
    "COUNT": Reader(
        "count", _number(1, MAX_COUNT), _("COUNT is a whole number from 1 to 1000; for a later end use UNTIL.")
    ),
    "UNTIL": Reader(
        "until",
        _until,
        _("UNTIL is 20261231T225959Z (UTC), 20261231T235959 or 20261231 (local), from 1970 to 2999."),
    ),
    "WKST": Reader("week_start", WEEKDAYS.get, _("WKST is one of MO, TU, WE, TH, FR, SA, SU.")),
    "BYMONTH": Reader("months", _numbers(1, 12), _("BYMONTH lists months from 1 to 12, such as 1,4,7,10.")),
    "BYWEEKNO": Reader(
        "week_numbers", _numbers(1, 53, from_the_end=True), _("BYWEEKNO lists weeks from 1 to 53, or -53 to -1.")
    ),
    "BYYEARDAY": Reader(
        "year_days", _numbers(1, 366, from_the_end=True), _("BYYEARDAY lists days from 1 to 366, or -366 to -1.")
    ),
    "BYMONTHDAY": Reader(
        "month_days", _numbers(1, 31, from_the_end=True), _("BYMONTHDAY lists days from 1 to 31, or -31 to -1 (last).")
    ),
    "BYDAY": Reader("weekdays", _weekdays, _("BYDAY lists weekdays such as MO,TH, or 1MO (first), -1FR (last).")),
    "BYHOUR": Reader("hours", _numbers(0, 23), _("BYHOUR lists hours from 0 to 23.")),
    "BYMINUTE": Reader("minutes", _numbers(0, 59), _("BYMINUTE is a minute from 0 to 59.")),
    "BYSETPOS": Reader(
        "positions", _numbers(1, 366, from_the_end=True), _("BYSETPOS lists places from 1 to 366, or -366 to -1.")
    ),
}
"""Every part that a rule may have. BYSECOND is not among them: slots fall on the second of the time of day."""
