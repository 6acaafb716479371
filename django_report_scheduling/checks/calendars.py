"""What calendar feeds need, where the project means to have some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning  # noqa: A004  # Django's name for it

from django_report_scheduling.checks.configured import configured, named
from django_report_scheduling.rendering.calendar import is_library_missing

SETTING = "MAX_CALENDAR_FEEDS_PER_USER"


def check_calendar_library(**_kwargs: Any) -> Sequence[CheckMessage]:
    """W009: the project says how many calendar feeds somebody may have, but there is no library to write any."""
    if SETTING not in configured() or not is_library_missing():
        return []
    return [
        Warning(
            f"{named(SETTING)} is set, but calendars cannot be written: icalendar is not installed.",
            hint="Run: pip install 'django-report-scheduling[calendar]'. Or leave the setting out.",
            id="report_scheduling.W009",
        )
    ]
