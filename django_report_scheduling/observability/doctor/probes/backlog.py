"""What has become reports and deliveries moves on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Min, QuerySet

from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.services import queueing
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.delivery_lanes import LANES
from django_report_scheduling.services.delivery_queueing import full_accounts

TOLERANCE = dt.timedelta(minutes=5)


class BacklogProbe(Probe):
    """Looks for rows that wait longer than they should, by their ``wake_at``."""

    part = "backlog"
    requires = ("database", "migrations")

    def run(self) -> Iterable[Finding]:
        """Yield what waits, and what for."""
        now = database_now()
        problems = [*self._reports(now), *self._deliveries(now)]
        yield from problems
        if not problems:
            live = GeneratedReport.objects.filter(status__in=(ReportStatus.PENDING, ReportStatus.QUEUED)).count()
            yield self.ok(f"{live} reports under way, none of them late.")

    def _reports(self, now: dt.datetime) -> Iterator[Finding]:
        timeout = dt.timedelta(seconds=conf.MESSAGE_TIMEOUT)
        queued = _oldest(GeneratedReport.objects.filter(status=ReportStatus.QUEUED))
        if queued is not None and (age := now - (queued - timeout)) > TOLERANCE:
            yield self.warn(
                f"A report has been waiting in the broker for {_minutes(age)}.",
                fix="Start more workers, or raise their --concurrency; see the part worker.",
            )
        # Those of a full account wait for their turn, as they should.
        waiting = GeneratedReport.objects.filter(status=ReportStatus.PENDING)
        pending = _oldest(waiting.exclude(account_id__in=queueing.full_accounts()))
        if pending is not None and (age := now - pending) > TOLERANCE:
            yield self.fail(
                f"A report has been ready for {_minutes(age)} and was not sent to a worker.",
                fix='See the parts beat and broker; REPORT_SCHEDULING["MAX_QUEUED"] may also be reached.',
            )
        running = _oldest(GeneratedReport.objects.filter(status=ReportStatus.RUNNING))
        if running is not None and (age := now - running) > TOLERANCE:
            yield self.fail(
                f"A report's worker vanished {_minutes(age)} ago and no tick took it back.", fix="See the part beat."
            )

    def _deliveries(self, now: dt.datetime) -> Iterator[Finding]:
        timeout = dt.timedelta(seconds=conf.MESSAGE_TIMEOUT)
        queued = _oldest(Delivery.objects.handed_out())
        if queued is not None and (age := now - (queued - timeout)) > TOLERANCE:
            yield self.warn(
                f"A delivery has been waiting in the broker for {_minutes(age)}.",
                fix="Start more workers, or raise their --concurrency; see the part worker.",
            )
        pending = Delivery.objects.filter(status=DeliveryStatus.PENDING, queued_at=None)
        waiting = [
            _oldest(pending.filter(lane.rows).outside_of(full_accounts(lane, now=database_now()))) for lane in LANES
        ]
        ready = min((oldest for oldest in waiting if oldest is not None), default=None)
        if ready is not None and (age := now - ready) > TOLERANCE:
            yield self.fail(
                f"A delivery has been ready for {_minutes(age)} and was not sent to a worker.",
                fix='See the parts beat and broker; REPORT_SCHEDULING["MAX_QUEUED"] may also be reached.',
            )
        sending = _oldest(Delivery.objects.filter(status=DeliveryStatus.SENDING))
        if sending is not None and (age := now - sending) > TOLERANCE:
            yield self.fail(
                f"A delivery's worker vanished {_minutes(age)} ago and no tick looked at it.", fix="See the part beat."
            )


def _oldest(rows: QuerySet[GeneratedReport] | QuerySet[Delivery]) -> dt.datetime | None:
    oldest: dt.datetime | None = rows.aggregate(oldest=Min("wake_at"))["oldest"]
    return oldest


def _minutes(age: dt.timedelta) -> str:
    return f"{age.total_seconds() / 60:.0f} min"
