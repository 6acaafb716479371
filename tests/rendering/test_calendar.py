"""Calendars as files: what RFC 5545 and RFC 7986 ask for, whatever the texts hold."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from typing import Any

import pytest

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering.calendar import CalendarEvent, EventCalendar, calendar_file, is_library_missing
from tests.extras import needs_calendar

WRITTEN = dt.datetime(2026, 3, 1, 12, 0, 0, 500_000, tzinfo=dt.UTC)
START = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)
CHANGED = dt.datetime(2026, 2, 1, 12, 30, 15, tzinfo=dt.UTC)
HOSTILE = {
    "separators": 'a, b; c: d "e" \\ f',
    "300 characters": "Wochenübersicht " * 18 + "für alle 1234",
    "emoji": "\N{BAR CHART}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{PERSONAL COMPUTER}\N{REGIONAL INDICATOR SYMBOL LETTER D}"
    * 20,
    "combining": "a\N{COMBINING RING ABOVE}" * 100,
    "windows path": "C:\\New\\nodes\\Ndata",
    "looks like escapes": "\\n \\, \\; \\\\",
    "right to left": "דוח שבועי, 2026",
    "parameters": ";VALUE=URI:http://evil.example",
}
"""Texts of one line, which come back as they are but for what nobody sees."""
INJECTED = {
    "another event": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y",
    "another property": "x\nATTENDEE:mailto:evil@evil.example",
    "an end": "x\rEND:VCALENDAR",
    "separators of Unicode": "x\N{LINE SEPARATOR}BEGIN:VEVENT\x85y\x0bz\N{PARAGRAPH SEPARATOR}",
    "controls": "x\x00\x07\x1b[31m\x7f",
    "a folded line": "x\r\n UID:1",
    "a lone surrogate": "x\ud800y",
    "an override": "x\N{RIGHT-TO-LEFT OVERRIDE}y",
}

pytestmark = needs_calendar


def event(**fields: Any) -> CalendarEvent:
    values = {
        "uid": "018f-1", "start": START, "summary": "Weekly", "description": "Account: Acme", "language": "en",
        "changed_at": CHANGED, "revision": 7,
    }  # fmt: skip
    return CalendarEvent(**{**values, **fields})


def written(*events: CalendarEvent, **fields: Any) -> bytes:
    values = {"name": "Reports", "language": "en", "written_at": WRITTEN, "events": events}
    return calendar_file(EventCalendar(**{**values, **fields}))


def read(content: bytes) -> Any:
    """Read the file as strictly as the library does, and with every error that it would pass over."""
    from icalendar import Calendar

    (calendar,) = Calendar.from_ical(content, multiple=True)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    return calendar


def unescaped(value: str) -> str:
    """Read a text as RFC 5545 §3.3.11 has it; the library got a backslash before an n wrong up to 6."""
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def lines(content: bytes) -> list[bytes]:
    assert content.endswith(b"\r\n")
    return content[:-2].split(b"\r\n")


def unfolded(content: bytes) -> list[str]:
    return content.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def test_a_calendar_says_of_itself_what_rfc_5545_and_7986_want() -> None:
    found = unfolded(written(event(), name="Reports: Acme", language="de-CH"))

    assert found[0] == "BEGIN:VCALENDAR"
    assert found[-1] == "END:VCALENDAR"
    for line in (
        "VERSION:2.0",
        "PRODID:-//django-report-scheduling//Coming runs//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME;LANGUAGE=de-CH:Reports: Acme",
        "X-WR-CALNAME:Reports: Acme",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ):
        assert found.count(line) == 1, line


def test_an_event_says_what_rfc_5545_3_6_1_wants_and_keeps_nobody_busy() -> None:
    found = unfolded(written(event(description="Account: Acme\nPeriod: May", language="de")))

    start, end = found.index("BEGIN:VEVENT"), found.index("END:VEVENT")
    assert sorted(found[start + 1 : end]) == [
        "DESCRIPTION;LANGUAGE=de:Account: Acme\\nPeriod: May",
        "DTSTAMP:20260301T120000Z",
        "DTSTART:20260302T070000Z",
        "DURATION:PT15M",
        "LAST-MODIFIED:20260201T123015Z",
        "SEQUENCE:7",
        "SUMMARY;LANGUAGE=de:Weekly",
        "TRANSP:TRANSPARENT",
        "UID:018f-1",
    ]


def test_a_moment_of_another_zone_is_written_in_utc() -> None:
    from zoneinfo import ZoneInfo

    local = dt.datetime(2026, 7, 6, 8, tzinfo=ZoneInfo("Europe/Berlin"))

    assert "DTSTART:20260706T060000Z" in unfolded(written(event(start=local)))


def test_an_empty_calendar_is_valid_by_holding_a_time_zone() -> None:
    calendar = read(written())

    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]
    assert not calendar.walk("VEVENT")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("place", ["summary", "description"])
def test_a_text_comes_back_as_it_was(place: str, text: str) -> None:
    content = written(event(**{place: text}))

    assert len(read(content).walk("VEVENT")) == 1
    (line,) = (line for line in unfolded(content) if line.startswith(f"{place.upper()};"))
    assert unescaped(line.partition(":")[2]).replace("\N{WORD JOINER}", "") == text


@pytest.mark.parametrize("text", [*HOSTILE.values(), *INJECTED.values()], ids=[*HOSTILE, *INJECTED])
def test_no_line_is_longer_than_75_octets_or_ends_but_in_crlf(text: str) -> None:
    content = written(event(summary=text, description=text, language="de"), name=text)

    assert max(map(len, lines(content))) <= 75
    assert not any(b"\r" in line or b"\n" in line for line in lines(content))
    content.decode()  # folded between characters or not, the whole is UTF-8


@pytest.mark.parametrize("text", [*HOSTILE.values(), *INJECTED.values()], ids=[*HOSTILE, *INJECTED])
def test_attack_058_a_text_adds_no_line_to_the_file(text: str) -> None:
    plain, hostile = written(event()), written(event(summary=text, description=text), name=text)

    names = [[line.partition(":")[0].partition(";")[0] for line in unfolded(each)] for each in (plain, hostile)]
    assert names[0] == names[1]
    assert len(read(hostile).walk("VEVENT")) == 1


@pytest.mark.parametrize("text", INJECTED.values(), ids=INJECTED)
def test_a_name_stays_in_one_line_and_shows_no_control(text: str) -> None:
    calendar = read(written(event(summary=text), name=text))

    for shown in (str(calendar.walk("VEVENT")[0]["SUMMARY"]), str(calendar["X-WR-CALNAME"])):
        assert shown.isprintable()


def test_the_same_calendar_gives_the_same_bytes() -> None:
    assert written(event(), event(uid="2")) == written(event(), event(uid="2"))


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)

    assert is_library_missing()
    with pytest.raises(RenderError, match=r"pip install 'django-report-scheduling\[calendar\]'"):
        written(event())


def test_the_library_is_not_loaded_before_it_is_needed() -> None:
    program = (
        "import sys; import django_report_scheduling.rendering.calendar as it; print(it.is_library_missing()); "
        "print('icalendar' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.split() == ["False", "False"]
