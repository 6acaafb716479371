"""What somebody gets who comes by the address of a calendar feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from django_report_scheduling.models import CalendarFeed
from django_report_scheduling.rendering.calendar import CalendarEvent, EventCalendar, calendar_file
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.rendering.locales import language_tag, translation_language
from django_report_scheduling.rendering.text import single_line
from django_report_scheduling.reports import registry
from django_report_scheduling.services.calendar_feeds.addresses import resolve_calendar
from django_report_scheduling.services.calendar_feeds.availability import require_library
from django_report_scheduling.services.calendar_feeds.events import Coming, coming_runs


def open_calendar(*, token: str, now: dt.datetime) -> bytes | None:
    """Return the calendar behind an address (RFC 5545), or ``None`` when the address is not, or no longer, good.

    :param now: aware.
    :raises WrongState: the address is good, but the library of the extra ``calendar`` is missing.
    """
    feed = resolve_calendar(token)
    if feed is None:
        return None
    require_library()
    return calendar_file(_calendar(feed, coming_runs(feed, now=now), now=now))


def _calendar(feed: CalendarFeed, coming: Sequence[Coming], *, now: dt.datetime) -> EventCalendar:
    locale = settings.LANGUAGE_CODE if feed.account is None else feed.account.locale
    with translation.override(translation_language(locale)):
        name = _("Reports") if feed.account is None else _("Reports: %(account)s") % {"account": feed.account.name}
    return EventCalendar(
        name=name, language=language_tag(locale), written_at=now, events=[_event(each) for each in coming]
    )


def _event(coming: Coming) -> CalendarEvent:
    """Return a run in the language of its account; who receives the report is nobody's business here."""
    schedule, account, run = coming.schedule, coming.schedule.account, coming.run
    formatter = Formatter(locale=account.locale, number_format=account.number_format)
    with translation.override(translation_language(account.locale)):
        facts = (
            _("Account: %(name)s") % {"name": single_line(account.name)},
            _("Report: %(title)s") % {"title": single_line(registry.title(schedule.report_type))},
            _("Period: %(period)s") % {"period": formatter.period(run.period)},
        )
    return CalendarEvent(
        uid=f"{schedule.pk}-{run.slot:%Y%m%dT%H%M%SZ}",
        start=run.slot,
        summary=schedule.name,
        description="\n".join(facts),
        language=language_tag(account.locale),
        changed_at=schedule.updated_at,
        revision=max(0, int((schedule.updated_at - schedule.created_at).total_seconds())),
    )
