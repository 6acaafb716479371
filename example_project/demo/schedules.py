"""One schedule per report type, as an account manager would set them up."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.contrib.auth.models import AbstractUser

from demo.people import CLIENT, MANAGER, email_of
from django_report_scheduling.choices import Frequency, Weekday
from django_report_scheduling.models import AbstractAccount, ReportSchedule
from django_report_scheduling.services.schedules import ScheduleFields, create_schedule

EIGHT: Final = dt.time(8)
BERLIN: Final = "Europe/Berlin"

SCHEDULES: Final[tuple[ScheduleFields, ...]] = (
    {
        "name": "Weekly performance",
        "report_type": "performance_summary",
        "frequency": Frequency.WEEKLY,
        "day_of_week": Weekday.MONDAY,
        "formats": ["pdf", "json"],
        "recipients": [email_of(CLIENT), email_of(MANAGER)],
    },
    {
        "name": "Monthly traffic",
        "report_type": "traffic_analysis",
        "frequency": Frequency.MONTHLY,
        "day_of_month": 1,
        "formats": ["pdf", "xlsx", "json"],
        "recipients": [email_of(CLIENT)],
    },
    {
        "name": "Monthly conversions",
        "report_type": "conversion_report",
        "frequency": Frequency.MONTHLY,
        "day_of_month": 1,
        "formats": ["pdf", "json"],
        "recipients": [email_of(CLIENT), email_of(MANAGER)],
    },
)


def ensure_schedules(*, account: AbstractAccount, owner: AbstractUser, now: dt.datetime) -> list[ReportSchedule]:
    """Return the schedules of the demo; those that are not there yet are set up.

    :raises ReportSchedulingError: a schedule is refused.
    """
    return [
        ReportSchedule.objects.filter(account=account, name=fields["name"]).first()
        or create_schedule(
            account=account, actor=owner, now=now, **{"time_of_day": EIGHT, "timezone": BERLIN, **fields}
        )
        for fields in SCHEDULES
    ]
