"""Thirty more of everything that a person sees, no two alike."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import DeliveryStatus, Role, Trigger
from django_report_scheduling.models import AbstractAccount, Delivery, DeliveryAttempt, GeneratedReport, ReportSchedule
from django_report_scheduling.rendering import renderers
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.report_storage import store
from tests.api.world.people import Person, Standing
from tests.api.world.world import World
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

MANY = 30


def grow(world: World, person: Person) -> None:
    """Give the person the role they have on ``alpha`` on many accounts more, and ``alpha``'s rows many rows more."""
    user = person.user()
    role = Role.CLIENT if person.to_alpha is Standing.CLIENT else Role.ACCOUNT_MANAGER
    holder = user.groups.first() or user
    for number in range(MANY):
        account = AccountFactory()
        if person.to_alpha is not Standing.ADMINISTRATOR:
            grant(account=account, holder=holder, role=role)
        schedule = _schedule(account, number, user)
        _report(schedule, number, user)
        WebhookEndpointFactory(account=account, created_by=UserFactory())
        CalendarFeedFactory(account=account, owner=user)
        RecipientConsentFactory(account=account)
    for number in range(MANY):
        _history(world, number)


def _schedule(account: AbstractAccount, number: int, user: Any) -> ReportSchedule:
    recipients = [user.email] if number % 2 else [f"reader{number}@customer.example", "client@customer.example"]
    return ReportScheduleFactory(account=account, created_by=UserFactory(), recipients=recipients, next_run_at=None)


def _report(schedule: ReportSchedule, number: int, user: Any) -> GeneratedReport:
    kind = {"trigger": Trigger.PREVIEW, "requested_by": user} if number % 5 == 0 else {}
    report = GeneratedReportFactory(schedule=schedule, succeeded=True, **kind)
    for name in ("json", "csv", "html")[: number % 3 + 1]:
        store(report, format_name=name, renderer=renderers[name], content=BytesIO(b"{}")).save()
    for target in [user.email, "client@customer.example", f"reader{number}@customer.example"][number % 2 :]:
        DeliveryFactory(report=report, target=target)
    if number % 7 == 0:
        GeneratedReport.objects.filter(pk=report.pk).update(schedule=None)
    return report


def _history(world: World, number: int) -> None:
    """More deliveries, events by different people, and reports, of the rows that the matrix asks for."""
    done = {"status": DeliveryStatus.SENT, "wake_at": None, "sent_at": NOW}
    for report in (world.alpha.report, world.alpha.orphan):
        DeliveryFactory(report=report, target=f"reader{number}@customer.alpha.example", **done)
    for schedule in (world.alpha.schedule, world.alpha.paused):
        report = GeneratedReportFactory(schedule=schedule, slot=NOW + dt.timedelta(days=7 * number + 1), succeeded=True)
        for webhook in (world.alpha.webhook, world.alpha.disabled):
            _told(WebhookDeliveryFactory(webhook=webhook, report=report, **done), attempts=number % 3)
        record("schedule.updated", schedule, at=NOW, actor=UserFactory(), data={"fields": ["name"]})


def _told(delivery: Delivery, *, attempts: int) -> None:
    for number in range(attempts):
        DeliveryAttempt.objects.create(delivery=delivery, number=number + 1, at=NOW, outcome="timeout", duration_ms=1)
