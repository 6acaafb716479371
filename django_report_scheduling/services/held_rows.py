"""Rows locked for somebody who is about to change them, asked at that moment whether they may.

The lock comes first: a role that is taken away meanwhile is seen, and so is what another writer has just stored. The
refusal comes before any other, which would tell in what state the row is.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser

from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.services.authority import require_manager


def schedule_held_for(actor: AbstractUser | None, schedule_id: Any) -> ReportSchedule:
    """Lock a schedule until the end of the caller's transaction, and return it as it is then, with its account.

    :param actor: ``None`` for the system.
    :raises ReportSchedule.DoesNotExist: there is no such schedule.
    :raises NotPermitted: the actor does not manage its account.
    """
    schedule = ReportSchedule.objects.locked().select_related("account").get(pk=schedule_id)
    require_manager(actor, schedule.account_id)
    return schedule


def report_held_for(actor: AbstractUser | None, report_id: Any) -> GeneratedReport:
    """Lock a report likewise. Not for a transaction that takes its schedule too, which comes first.

    :param actor: ``None`` for the system.
    :raises GeneratedReport.DoesNotExist: there is no such report.
    :raises NotPermitted: the actor does not manage its account.
    """
    report = GeneratedReport.objects.locked().select_related("account").get(pk=report_id)
    require_manager(actor, report.account_id)
    return report
