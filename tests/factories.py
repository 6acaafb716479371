"""Rows for tests, as a host would have them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.contrib.auth import get_user_model

from django_report_scheduling.access.recipients import address_key
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import WEBHOOK_EVENTS, ConsentState, Frequency, ReportStatus, WebhookState
from django_report_scheduling.delivery.webhook.secret import Secret
from django_report_scheduling.models import (
    CalendarFeed,
    Delivery,
    GeneratedReport,
    RecipientConsent,
    ReportSchedule,
    WebhookEndpoint,
)
from django_report_scheduling.models.identifiers import new_id
from django_report_scheduling.sealing import seal
from tests.extras_at_hand import WEBHOOKS

NOW = dt.datetime(2026, 3, 2, 7, 0, tzinfo=dt.UTC)
"""A Monday, 08:00 in Berlin."""


class UserFactory(factory.django.DjangoModelFactory[Any]):
    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@people.example")


class AccountFactory(factory.django.DjangoModelFactory[Any]):
    class Meta:
        model = get_account_model()

    name = factory.Sequence(lambda n: f"Account {n}")
    slug = factory.Sequence(lambda n: f"account-{n}")
    allowed_recipient_domains = factory.LazyFunction(lambda: ["customer.example"])


class ReportScheduleFactory(factory.django.DjangoModelFactory[ReportSchedule]):
    """Every Monday 08:00 Berlin, next due at ``NOW``."""

    class Meta:
        model = ReportSchedule

    account = factory.SubFactory(AccountFactory)
    name = "Weekly summary"
    report_type = "sample"
    formats = factory.LazyFunction(lambda: ["json"])
    frequency = Frequency.WEEKLY
    day_of_week = 0
    time_of_day = dt.time(8, 0)
    timezone = "Europe/Berlin"
    starts_at = NOW - dt.timedelta(days=365)
    recipients = factory.LazyFunction(lambda: ["client@customer.example"])
    next_run_at = NOW


class GeneratedReportFactory(factory.django.DjangoModelFactory[GeneratedReport]):
    """A pending report of the week before ``NOW``."""

    class Meta:
        model = GeneratedReport

    schedule = factory.SubFactory(ReportScheduleFactory, next_run_at=NOW + dt.timedelta(days=7))
    account = factory.SelfAttribute("schedule.account")
    report_type = factory.SelfAttribute("schedule.report_type")
    formats = factory.SelfAttribute("schedule.formats")
    frequency = factory.SelfAttribute("schedule.frequency")
    timezone = factory.SelfAttribute("schedule.timezone")
    slot = NOW
    period_start = NOW - dt.timedelta(days=7, hours=8)
    period_end = NOW - dt.timedelta(hours=8)
    wake_at = NOW

    class Params:
        queued = factory.Trait(status=ReportStatus.QUEUED, wake_at=NOW + dt.timedelta(minutes=10))
        running = factory.Trait(
            status=ReportStatus.RUNNING, attempt=1, started_at=NOW, wake_at=NOW + dt.timedelta(minutes=2)
        )
        succeeded = factory.Trait(
            status=ReportStatus.SUCCEEDED, attempt=1, started_at=NOW, finished_at=NOW, wake_at=None
        )


class DeliveryFactory(factory.django.DjangoModelFactory[Delivery]):
    class Meta:
        model = Delivery

    report = factory.SubFactory(GeneratedReportFactory, succeeded=True)
    target = "client@customer.example"
    wake_at = NOW


class RecipientConsentFactory(factory.django.DjangoModelFactory[RecipientConsent]):
    """An address from which nothing has been heard."""

    class Meta:
        model = RecipientConsent

    account = factory.SubFactory(AccountFactory)
    address = "client@customer.example"
    key = factory.LazyAttribute(lambda consent: address_key(consent.address))
    state = ConsentState.UNASKED
    confirmed_at = factory.LazyAttribute(lambda consent: NOW if consent.state == ConsentState.CONFIRMED else None)


class WebhookEndpointFactory(factory.django.DjangoModelFactory[WebhookEndpoint]):
    """An active endpoint that wants to know everything."""

    class Meta:
        model = WebhookEndpoint

    id = factory.LazyFunction(new_id)
    account = factory.SubFactory(AccountFactory)
    url = factory.Sequence(lambda n: f"https://hooks{n}.customer.example/in")
    events = factory.LazyFunction(lambda: [event.value for event in WEBHOOK_EVENTS])
    state = WebhookState.ACTIVE
    secret = factory.LazyAttribute(
        lambda endpoint: (
            seal(Secret.generate().reveal(), place=f"webhookendpoint:{endpoint.id}:secret")
            if WEBHOOKS
            else "sealed with what is not installed"
        )
    )


class WebhookDeliveryFactory(factory.django.DjangoModelFactory[Delivery]):
    """A pending event of a report, for an active endpoint of its account."""

    class Meta:
        model = Delivery

    report = factory.SubFactory(GeneratedReportFactory, succeeded=True)
    webhook = factory.SubFactory(WebhookEndpointFactory, account=factory.SelfAttribute("..report.account"))
    channel = "webhook"
    target = factory.LazyAttribute(lambda delivery: str(delivery.webhook.pk))
    payload = factory.LazyFunction(lambda: {"type": "report.succeeded", "data": {"name": "Übersicht", "share": 0.25}})
    wake_at = NOW


class CalendarFeedFactory(factory.django.DjangoModelFactory[CalendarFeed]):
    """Somebody's calendar of one account."""

    class Meta:
        model = CalendarFeed

    owner = factory.SubFactory(UserFactory)
    account = factory.SubFactory(AccountFactory)
