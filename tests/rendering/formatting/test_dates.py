from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest

from django_report_scheduling.period import Period
from django_report_scheduling.rendering.formatting import dates
from django_report_scheduling.rendering.locales import parse_locale

BERLIN = ZoneInfo("Europe/Berlin")


def period(start: tuple[int, ...], end: tuple[int, ...]) -> Period:
    return Period(start=dt.datetime(*start, tzinfo=BERLIN), end=dt.datetime(*end, tzinfo=BERLIN))  # type: ignore[misc,arg-type]  # parts of a date


@pytest.mark.parametrize(
    ("start", "end", "locale", "expected"),
    [
        ((2015, 5, 18), (2015, 5, 25), "en-GB", "18–24 May 2015"),
        ((2015, 5, 1), (2015, 6, 1), "en-GB", "1–31 May 2015"),
        ((2015, 5, 18), (2015, 5, 25), "de", "18.–24. Mai 2015"),
        ((2015, 5, 18), (2015, 5, 25), "ja", "2015年5月18日～24日"),
        ((2015, 5, 28), (2015, 6, 4), "en-GB", "28 May – 3 Jun 2015"),
        ((2014, 12, 29), (2015, 1, 5), "en-GB", "29 Dec 2014 – 4 Jan 2015"),
        ((2015, 5, 18), (2015, 5, 19), "en-GB", "Monday 18 May 2015"),
        ((2015, 3, 29), (2015, 3, 30), "en-GB", "Sunday 29 March 2015"),
        ((2015, 5, 18, 6), (2015, 5, 18, 18, 30), "en-GB", "18 May 2015, 06:00 – 18 May 2015, 18:30"),
    ],
)
def test_periods(start: tuple[int, ...], end: tuple[int, ...], locale: str, expected: str) -> None:
    text = dates.period_text(period(start, end), parse_locale(locale))
    # Versions of the CLDR differ in commas and in the thin spaces around a dash.
    assert re.sub(r"[ \u2009]*–[ \u2009]*", "–", text).replace(",", "") == expected.replace(",", "").replace(" – ", "–")


def test_moments_are_written_in_the_zone() -> None:
    moment = dt.datetime(2015, 5, 18, 22, 5, tzinfo=dt.UTC)
    assert dates.moment(moment, BERLIN, parse_locale("en-GB")) == "19 May 2015, 00:05"
    assert dates.moment(moment.replace(tzinfo=None), BERLIN, parse_locale("en-GB")) == "18 May 2015, 22:05"


def test_names_of_zones() -> None:
    moment = dt.datetime(2015, 5, 18, tzinfo=dt.UTC)
    assert dates.zone_text(moment.astimezone(BERLIN)) == "Europe/Berlin"
    assert dates.zone_text(moment) == "UTC"
    assert dates.zone_text(moment.replace(tzinfo=None)) == ""


def test_axes() -> None:
    assert dates.day_and_month(dt.date(2015, 5, 18), parse_locale("en-GB")) == "18 May"
