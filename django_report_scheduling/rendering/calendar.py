"""Events as an iCalendar file (RFC 5545 and RFC 7986) to subscribe to, through the library icalendar."""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering.text import printable, single_line

MISSING_LIBRARY: Final = "Calendars need icalendar. Run: pip install 'django-report-scheduling[calendar]'"
CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
PRODUCT: Final = "-//django-report-scheduling//Coming runs//EN"
REFRESH: Final = dt.timedelta(hours=1)
"""How often programs are asked to look again."""
DURATION: Final = dt.timedelta(minutes=15)
"""How long an event lasts: long enough to be seen where people look at a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEvent:
    """Something that happens at a moment and keeps nobody busy.

    :param uid: the same whenever the event is written, and of no other event in the world.
    :param start: when it happens, aware.
    :param summary: its name; line breaks become spaces.
    :param description: more of it; line breaks stay.
    :param language: BCP 47 tag of both texts.
    :param changed_at: when anything of it last changed, aware.
    :param revision: a number that rises with each change: programs may pass over a change without (§3.8.7.4).
    """

    uid: str
    start: dt.datetime
    summary: str
    description: str
    language: str
    changed_at: dt.datetime
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class EventCalendar:
    """A calendar.

    :param name: what programs call it until people rename it.
    :param language: BCP 47 tag of the name.
    :param written_at: aware.
    """

    name: str
    language: str
    written_at: dt.datetime
    events: Sequence[CalendarEvent]


def is_library_missing() -> bool:
    """Whether icalendar, an optional extra, is not installed; nothing is loaded."""
    return find_spec("icalendar") is None


def calendar_file(calendar: EventCalendar) -> bytes:
    """Return the calendar as a file of the type :data:`CONTENT_TYPE`, its times in UTC.

    :raises RenderError: icalendar is not installed.
    """
    library = _load_library()
    file = library.Calendar()
    for name, value in {"version": "2.0", "prodid": PRODUCT, "calscale": "GREGORIAN", "method": "PUBLISH"}.items():
        file.add(name, value)
    # Each twice: as RFC 7986 has it, and as programs had it before that.
    file.add("name", _text(library, single_line(calendar.name)), parameters={"LANGUAGE": calendar.language})
    file.add("x-wr-calname", _text(library, single_line(calendar.name)))
    file.add("refresh-interval", library.vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", library.vDuration(REFRESH))
    for event in calendar.events:
        file.add_component(_event(library, event, written_at=calendar.written_at))
    if not calendar.events:
        file.add_component(_utc(library))
    content: bytes = file.to_ical()
    return content


def _event(library: Any, event: CalendarEvent, *, written_at: dt.datetime) -> Any:
    language = {"LANGUAGE": event.language}
    component = library.Event()
    component.add("uid", _text(library, event.uid))
    for name, moment in {"dtstamp": written_at, "dtstart": event.start, "last-modified": event.changed_at}.items():
        component.add(name, moment.astimezone(dt.UTC).replace(microsecond=0))
    component.add("sequence", event.revision)
    component.add("duration", DURATION)
    component.add("summary", _text(library, single_line(event.summary)), parameters=language)
    component.add("description", _text(library, _lines(event.description)), parameters=language)
    component.add("transp", "TRANSPARENT")
    return component


def _utc(library: Any) -> Any:
    """Return a component that says nothing: a calendar must not be without any (RFC 5545 §3.6)."""
    zone, standard = library.Timezone(), library.TimezoneStandard()
    zone.add("tzid", "UTC")
    standard.add("dtstart", dt.datetime(1970, 1, 1))  # noqa: DTZ001  # a local time, as RFC 5545 §3.6.5 wants it
    standard.add("tzoffsetfrom", dt.timedelta())
    standard.add("tzoffsetto", dt.timedelta())
    zone.add_component(standard)
    return zone


def _lines(text: str) -> str:
    """Return the text with its lines ended as the library knows to escape it: by a line feed, whatever ended them."""
    return "\n".join(printable(line) for line in text.splitlines())


def _text(library: Any, text: str) -> Any:
    # The library takes a backslash before an N for a line break that was escaped already. A word joiner, which nobody
    # sees, keeps the two apart.
    return library.vText(text.replace("\\N", "\\\N{WORD JOINER}N"))


def _load_library() -> Any:
    try:
        return importlib.import_module("icalendar")
    except ImportError as error:
        raise RenderError(MISSING_LIBRARY) from error
