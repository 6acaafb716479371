"""A worker's hold on a report: taken, kept alive and given back only by compare-and-set.

The number of the attempt is the fence. Whoever works in an attempt that is no longer the current one changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F

from django_report_scheduling.choices import ErrorCode, Event, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery, GeneratedReport, ReportFile, ReportSchedule
from django_report_scheduling.services.announcements import announce
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.failures import close_as_failed, counts_for_schedule
from django_report_scheduling.services.schedule_locks import hold_schedule
from django_report_scheduling.services.short_transactions import short_transaction
from django_report_scheduling.services.webhooks.events import tell_of_reports
from django_report_scheduling.signals import report_succeeded


def claim_report(*, report_id: Any, attempt: int, now: dt.datetime) -> GeneratedReport | None:
    """Take a queued report, if it is still in the attempt that the message named.

    :returns: the report in its new attempt, or ``None`` when another message was faster or the report moved on.
    """
    with short_transaction():
        taken = GeneratedReport.objects.filter(pk=report_id, status=ReportStatus.QUEUED, attempt=attempt).update(
            status=ReportStatus.RUNNING,
            attempt=attempt + 1,
            started_at=now,
            wake_at=now + dt.timedelta(seconds=min(conf.LEASE, conf.TIME_LIMIT)),
            updated_at=now,
        )
        if not taken:
            return None
        rows = GeneratedReport.objects.fresh().select_related("account", "schedule", "requested_by")
        report = rows.get(pk=report_id)
        record("report.running", report, at=now, data={"attempt": report.attempt})
    return report


def renew_lease(report: GeneratedReport, *, now: dt.datetime) -> bool:
    """Hold the report for another lease, but never past its hard time limit.

    :returns: whether renewing goes on: the report is still held, and its limit not reached.
    """
    assert report.started_at is not None  # noqa: S101  # a claimed report has started
    limit = report.started_at + dt.timedelta(seconds=conf.TIME_LIMIT)
    if now >= limit:
        return False
    until = min(now + dt.timedelta(seconds=conf.LEASE), limit)
    return bool(GeneratedReport.objects.filter(pk=report.pk).held(attempt=report.attempt).update(wake_at=until))


def finish_report(
    report: GeneratedReport, *, files: Collection[ReportFile], targets: Iterable[tuple[str, str]], now: dt.datetime
) -> bool:
    """Finish a report in one transaction: its state, its files, its deliveries, its schedule's clean count.

    :param targets: ``(channel, target)`` of everybody who is to receive it.
    :returns: ``False`` when the attempt is no longer the current one; then nothing was changed.
    """
    try:
        with short_transaction():
            # First of all, because it locks the schedule; a claim that turns out to be void takes it back.
            if counts_for_schedule(report):
                _count_success(report.schedule_id, now=now)
            _close_as_succeeded(report, size=sum(file.size for file in files), now=now)
            _store_results(report, files=files, targets=targets, now=now)
    except _ClaimVoid:
        return False
    return True


class _ClaimVoid(Exception):
    """The attempt is no longer the current one: nothing of the transaction must stay."""


def _count_success(schedule_id: Any, *, now: dt.datetime) -> None:
    schedule = ReportSchedule.objects.filter(pk=schedule_id)
    schedule.update(consecutive_failures=0, last_run_at=now, updated_at=now)


def _close_as_succeeded(report: GeneratedReport, *, size: int, now: dt.datetime) -> None:
    assert report.started_at is not None  # noqa: S101  # a claimed report has started
    finished = GeneratedReport.objects.filter(pk=report.pk).held(attempt=report.attempt).update(
        status=ReportStatus.SUCCEEDED,
        wake_at=None,
        error_code="",
        error_message="",
        generation_time_ms=max(0, round((now - report.started_at).total_seconds() * 1000)),
        file_size_bytes=size,
        finished_at=now,
        expires_at=now + conf.RETENTION,
        updated_at=now,
    )  # fmt: skip
    if not finished:
        raise _ClaimVoid


def _store_results(
    report: GeneratedReport, *, files: Collection[ReportFile], targets: Iterable[tuple[str, str]], now: dt.datetime
) -> None:
    if report.attempt > 1:  # it may have succeeded before, and be made again
        ReportFile.objects.filter(report=report).delete()
    ReportFile.objects.bulk_create(files)
    deliveries = [
        Delivery(report=report, event=Event.REPORT_SUCCEEDED, channel=channel, target=target, wake_at=now)
        for channel, target in targets
    ]
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    tell_of_reports(Event.REPORT_SUCCEEDED, [report], now=now)
    record("report.succeeded", report, at=now, data={"attempt": report.attempt})
    announce(report_succeeded, sender=GeneratedReport, report_id=report.pk, schedule_id=report.schedule_id)


def fail_attempt(
    report: GeneratedReport, *, code: ErrorCode, message: str, permanent: bool, now: dt.datetime
) -> ReportStatus | None:
    """Record a failed attempt: the report waits for its next one, or has failed when there is none left.

    :param permanent: trying again cannot help.
    :returns: the new state, or ``None`` when the attempt is no longer the current one.
    """
    with short_transaction():
        if counts_for_schedule(report):
            hold_schedule(report.schedule_id)
        held = GeneratedReport.objects.filter(pk=report.pk).held(attempt=report.attempt)
        if not held.update(failures=F("failures") + 1, error_code=code, error_message=message, updated_at=now):
            return None
        current = GeneratedReport.objects.fresh().get(pk=report.pk)
        delays = list(conf.RETRY_DELAYS)
        if permanent or current.failures > len(delays):
            close_as_failed(current, code=code, message=message, now=now)
            return ReportStatus.FAILED
        wake_at = now + dt.timedelta(seconds=delays[current.failures - 1])
        held.update(status=ReportStatus.PENDING, wake_at=wake_at, queued_at=None)
        record("report.retry_planned", current, at=now, data={"code": code.value, "at": wake_at.isoformat()})
    return ReportStatus.PENDING
