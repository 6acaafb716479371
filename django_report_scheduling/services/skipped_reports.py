"""Telling webhooks of the reports that a tick skipped, by the thousand: one question for each batch, mostly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django_report_scheduling.choices import Event, ReportStatus, Trigger
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.due_slots import Expansion
from django_report_scheduling.services.webhooks.events import subscribers, tell_of_reports


def tell_of_skipped(expansions: Sequence[Expansion], *, now: dt.datetime) -> None:
    """Queue the events of the skipped reports of a stored batch, inside its transaction.

    The rows are read back only where somebody wants to know; their keys may have been made by the database.
    """
    skipped = [each for each in expansions if any(made.status == ReportStatus.SKIPPED for made in each.reports)]
    if not skipped:
        return
    accounts = {expansion.schedule.account_id for expansion in skipped}
    wanting = subscribers(Event.REPORT_SKIPPED, account_ids=accounts)
    told = [expansion for expansion in skipped if expansion.schedule.account_id in wanting]
    if not told:
        return
    rows = GeneratedReport.objects.fresh().filter(
        schedule__in=[expansion.schedule.pk for expansion in told],
        slot__in={made.slot for expansion in told for made in expansion.reports},
        trigger=Trigger.SCHEDULE,
        status=ReportStatus.SKIPPED,
    )
    tell_of_reports(Event.REPORT_SKIPPED, list(rows), now=now, wanting=wanting)
