"""How the portal writes schedules and reports for people."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton
from django import template

from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.rendering.formatting.dates import period_text
from django_report_scheduling.reports import registry
from django_report_scheduling.services.state_texts import state_text

LOCALE = Locale("en", "GB")

register = template.Library()


@register.filter
def report_title(key: str) -> str:
    """Return the title of a report type, or its key once it is no longer registered."""
    return registry.title(key)


@register.filter
def next_run(schedule: ReportSchedule) -> str:
    """Return the next run on the wall clocks of the schedule's own zone."""
    if schedule.next_run_at is None:
        return "–"
    local = schedule.next_run_at.astimezone(ZoneInfo(schedule.timezone))
    return f"{format_skeleton('yMMMEd', local, locale=LOCALE)}, {local:%H:%M}"


@register.filter
def why_stopped(schedule: ReportSchedule) -> str:
    """Return why the schedule is paused or stopped, as a sentence."""
    return state_text(schedule)


@register.filter
def period_of(report: GeneratedReport) -> str:
    """Return the period of a report as the report itself writes it."""
    return period_text(report.period, LOCALE)
