"""Watching the first reports until they are made and mailed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from django_report_scheduling.choices import LIVE_DELIVERY_STATUSES, LIVE_REPORT_STATUSES, DeliveryStatus, ReportStatus
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.reports import registry

POLL_SECONDS = 0.5


class Watch:
    """Follows reports and tells each change once.

    :param tell: takes a line for people.
    """

    def __init__(self, report_ids: Sequence[Any], *, tell: Callable[[str], None]) -> None:
        self._ids = report_ids
        self._tell = tell
        self._told: set[tuple[Any, str]] = set()

    def until_done(self, *, seconds: float, meanwhile: Callable[[], None]) -> list[str]:
        """Wait until every report is made and sent, or has failed.

        :param meanwhile: called again and again while waiting.
        :returns: what went wrong, a line each; empty when all is well.
        """
        self._tell_earlier()
        deadline = time.monotonic() + seconds
        while True:
            reports = self._reports()
            for report in reports:
                self._tell_progress(report)
            if not any(map(_is_open, reports)) or time.monotonic() > deadline:
                late = f"not done after {seconds:.0f} seconds"
                return [problem for report in reports if (problem := _problem(report, late))]
            meanwhile()
            time.sleep(POLL_SECONDS)

    def _reports(self) -> list[GeneratedReport]:
        found = GeneratedReport.objects.prefetch_related("deliveries", "files").in_bulk(list(self._ids))
        return [found[key] for key in self._ids if key in found]

    def _tell_earlier(self) -> None:
        for report in self._reports():
            if report.status == ReportStatus.SUCCEEDED and not _is_open(report):
                self._told.update({(report.pk, "made"), (report.pk, "sent")})
                self._tell(f"{_title(report)}: made and mailed in an earlier run; nothing is sent twice")

    def _tell_progress(self, report: GeneratedReport) -> None:
        if report.status == ReportStatus.SUCCEEDED:
            seconds = (report.generation_time_ms or 0) / 1000
            formats = ", ".join(sorted(file.format for file in report.files.all()))
            self._once(report, "made", f"{_title(report)}: made in {seconds:.1f} s ({formats})")
        elif report.error_message:
            self._once(report, f"failure {report.failures}", f"{_title(report)}: failed: {report.error_message}")
        sent = sum(delivery.status == DeliveryStatus.SENT for delivery in report.deliveries.all())
        if sent and not _is_open(report):
            self._once(report, "sent", f"{_title(report)}: mailed to {sent} recipient{'s' if sent > 1 else ''}")

    def _once(self, report: GeneratedReport, event: str, line: str) -> None:
        if (report.pk, event) not in self._told:
            self._told.add((report.pk, event))
            self._tell(line)


def _title(report: GeneratedReport) -> str:
    return registry.title(report.report_type)


def _is_open(report: GeneratedReport) -> bool:
    return report.status in LIVE_REPORT_STATUSES or any(
        delivery.status in LIVE_DELIVERY_STATUSES for delivery in report.deliveries.all()
    )


def _problem(report: GeneratedReport, late: str) -> str:
    title = _title(report)
    if report.status != ReportStatus.SUCCEEDED:
        reason = report.error_message or report.status_reason or report.get_status_display()
        return f"{title}: {late + ': ' if report.status in LIVE_REPORT_STATUSES else ''}{reason}"
    for delivery in report.deliveries.all():
        if delivery.status != DeliveryStatus.SENT:
            reason = delivery.error_message or delivery.get_status_display()
            prefix = f"{late}: " if delivery.status in LIVE_DELIVERY_STATUSES else ""
            return f"{title}: mail to {delivery.target}: {prefix}{reason}"
    return ""
