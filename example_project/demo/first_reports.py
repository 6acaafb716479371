"""The first report of each schedule: about a period that the log has something to tell about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import AbstractUser
from django.db.models import Max

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.contrib.web_analytics.models import Hit
from django_report_scheduling.models import AbstractAccount, GeneratedReport, ReportSchedule
from django_report_scheduling.period import Period
from django_report_scheduling.recurrence import Recurrence, period_for, slot_covering
from django_report_scheduling.services.report_requests import backfill, latest_slot, retry_report

OPENED_AGAIN = (ReportStatus.FAILED, ReportStatus.MISSED, ReportStatus.SKIPPED, ReportStatus.CANCELLED)


def request_first_reports(
    *, schedules: list[ReportSchedule], account: AbstractAccount, actor: AbstractUser, now: dt.datetime
) -> list[GeneratedReport]:
    """Ask for one report per schedule. A report that is there is not made again, unless it came to a bad end."""
    hits = Hit.objects.filter(site__account=account)
    newest = hits.aggregate(newest=Max("unix_time"))["newest"]
    newest_hit = dt.datetime.fromtimestamp(newest, tz=dt.UTC)

    def has_hits(period: Period) -> bool:
        ends = period.start.timestamp(), period.end.timestamp()
        return hits.filter(unix_time__gte=ends[0], unix_time__lt=ends[1]).exists()

    reports = []
    for schedule in schedules:
        slot = slot_to_show(schedule.as_recurrence(), newest_hit=newest_hit, now=now, has_hits=has_hits)
        report = backfill(schedule=schedule, slot=slot, actor=actor, now=now)
        if report.status in OPENED_AGAIN:
            report = retry_report(report_id=report.pk, actor=actor, now=now)
        reports.append(report)
    return reports


def slot_to_show(
    recurrence: Recurrence, *, newest_hit: dt.datetime, now: dt.datetime, has_hits: Callable[[Period], bool]
) -> dt.datetime:
    """Choose the slot whose report shows the log best.

    The one whose period holds the newest hit, if that period is over. While it still runs, the newest complete period;
    and where the log has nothing of that, the running period after all, as far as it goes.
    """
    covering = slot_covering(recurrence, instant=newest_hit)
    if covering is not None and covering <= now:
        return covering
    newest_due = latest_slot(recurrence, now=now)
    if covering is None or has_hits(period_for(recurrence, slot=newest_due)):
        return newest_due
    return covering
