"""What an account owns in the world: at least one row for every act that the API knows, in the state the act needs.

Every text of an account contains the account's label, so that it can be looked for where it must not appear.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db.models import Model

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import (
    ConsentState,
    DeliveryStatus,
    ErrorCode,
    ReportStatus,
    Role,
    ScheduleState,
    Trigger,
    WebhookState,
    WebhookStop,
)
from django_report_scheduling.models import (
    AbstractAccount,
    CalendarFeed,
    DeliveryAttempt,
    GeneratedReport,
    RecipientConsent,
    ReportSchedule,
    WebhookEndpoint,
)
from django_report_scheduling.rendering import renderers
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.report_storage import store
from tests.factories import (
    NOW,
    AccountFactory,
    CalendarFeedFactory,
    DeliveryFactory,
    GeneratedReportFactory,
    RecipientConsentFactory,
    ReportScheduleFactory,
    UserFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)


@dataclass(frozen=True)
class Holdings:
    """An account and its rows; the matrix names them as they are named here."""

    label: str
    account: AbstractAccount
    colleague: AbstractUser
    """A manager who owns the schedules and has asked for the preview, and is nobody of whom the tests make requests."""
    schedule: ReportSchedule
    paused: ReportSchedule
    errored: ReportSchedule
    report: GeneratedReport
    """Succeeded, with a file and deliveries."""
    failed: GeneratedReport
    pending: GeneratedReport
    orphan: GeneratedReport
    """Of a schedule that was deleted; succeeded, with a file."""
    preview: GeneratedReport
    webhook: WebhookEndpoint
    """Active, with a delivery that failed and has the same key, so that one id fills both places of a path."""
    disabled: WebhookEndpoint
    """A webhook with such a delivery, too."""
    feed: CalendarFeed
    """The colleague's calendar of this account."""

    recipient: RecipientConsent
    """Somebody who has unsubscribed."""
    confirmed: RecipientConsent

    def row(self, name: str) -> Model:
        row: Model = getattr(self, name)
        return row

    def ids(self) -> Iterator[str]:
        """Primary keys that nobody without a role may learn; an integer says too little to be looked for."""
        for name in self.__dataclass_fields__:
            row = getattr(self, name)
            if isinstance(row, Model) and not isinstance(row.pk, int):
                yield str(row.pk)


def holdings(label: str) -> Holdings:
    """Make an account with everything it owns."""
    account = AccountFactory(
        name=f"Works of {label}", slug=f"{label}-works", allowed_recipient_domains=[f"customer.{label}.example"]
    )
    colleague = UserFactory(username=f"colleague-{label}", email=f"colleague@{label}.example")
    grant(account=account, holder=colleague, role=Role.ACCOUNT_MANAGER)
    schedules = _schedules(account, colleague, label)
    reports = _reports(schedules["schedule"], colleague, label)
    return Holdings(
        label=label,
        account=account,
        colleague=colleague,
        **schedules,
        **reports,
        **_webhooks(reports["report"], colleague, label),
        feed=CalendarFeedFactory(owner=colleague, account=account),
        **_consents(account, label),
    )


def _schedules(account: AbstractAccount, colleague: AbstractUser, label: str) -> dict[str, ReportSchedule]:
    shared = {
        "account": account,
        "name": f"Weekly of {label}",
        "created_by": colleague,
        "recipients": [f"reader@customer.{label}.example", colleague.email],
        "next_run_at": None,
        "parameters": {"rows": 2},
    }
    stopped = {**shared, "consecutive_failures": 3, "state": ScheduleState.ERRORED, "state_reason": "query_failed"}
    schedules = {
        "schedule": ReportScheduleFactory(**shared),
        "paused": ReportScheduleFactory(**shared, state=ScheduleState.PAUSED),
        "errored": ReportScheduleFactory(**stopped),
    }
    for schedule in schedules.values():
        record("schedule.created", schedule, at=NOW, actor=colleague)
    return schedules


def _reports(schedule: ReportSchedule, colleague: AbstractUser, label: str) -> dict[str, GeneratedReport]:
    def report(number: int, **fields: Any) -> GeneratedReport:
        slot = NOW - dt.timedelta(days=7 * number)
        return GeneratedReportFactory(schedule=schedule, slot=slot, parameters={"rows": 2, "of": label}, **fields)

    deleted = {"schedule": None, "account": schedule.account, "report_type": "sample", "formats": ["json"]}
    failure = {"error_code": ErrorCode.QUERY_FAILED, "error_message": f"The table of {label} is gone.", "attempt": 4}
    reports = {
        "report": report(1, succeeded=True),
        "failed": report(2, status=ReportStatus.FAILED, wake_at=None, finished_at=NOW, **failure),
        "pending": report(3),
        "orphan": GeneratedReportFactory(
            **deleted, frequency="weekly", timezone="UTC", slot=NOW - dt.timedelta(days=28), succeeded=True
        ),
        "preview": report(5, succeeded=True, trigger=Trigger.PREVIEW, requested_by=colleague),
    }
    for name in ("report", "orphan", "preview"):
        file = store(reports[name], format_name="json", renderer=renderers["json"], content=BytesIO(b"{}"))
        file.name = f"{label}.json"
        file.save()
        _deliver(reports[name], colleague, label)
    for made in reports.values():
        record("report.expanded", made, at=NOW)
    return reports


def _deliver(report: GeneratedReport, colleague: AbstractUser, label: str) -> None:
    DeliveryFactory(
        report=report, target=colleague.email, status=DeliveryStatus.SENT, attempt=1, wake_at=None, sent_at=NOW
    )
    DeliveryFactory(
        report=report,
        target=f"reader@customer.{label}.example",
        status=DeliveryStatus.FAILED,
        attempt=4,
        wake_at=None,
        error_code=ErrorCode.CHANNEL_REJECTED,
        error_message=f"The server of {label} refused it.",
    )


def _consents(account: AbstractAccount, label: str) -> dict[str, RecipientConsent]:
    states = {"recipient": ConsentState.UNSUBSCRIBED, "confirmed": ConsentState.CONFIRMED}
    return {
        name: RecipientConsentFactory(account=account, address=f"{name}@customer.{label}.example", state=state)
        for name, state in states.items()
    }


def _webhooks(report: GeneratedReport, colleague: AbstractUser, label: str) -> dict[str, WebhookEndpoint]:
    def webhook(name: str, **fields: Any) -> WebhookEndpoint:
        shared = {"account": report.account, "created_by": colleague, "description": f"{name} of {label}"}
        return WebhookEndpointFactory(url=f"https://{name}.customer.{label}.example/in", **shared, **fields)

    webhooks = {
        "webhook": webhook("hooks"),
        "disabled": webhook("gone", state=WebhookState.DISABLED, state_reason=WebhookStop.GONE),
    }
    for made in webhooks.values():
        record("webhook.created", made, at=NOW, actor=colleague, data={"host": made.host})
        delivery = WebhookDeliveryFactory(
            pk=made.pk,
            report=report,
            webhook=made,
            status=DeliveryStatus.FAILED,
            attempt=1,
            wake_at=None,
            error_code=ErrorCode.CHANNEL_UNAVAILABLE,
            error_message=f"The receiver of {label} answered with 500.",
        )
        DeliveryAttempt.objects.create(
            delivery=delivery, number=1, at=NOW, outcome="http_status", answer=500, duration_ms=12
        )
    return webhooks
