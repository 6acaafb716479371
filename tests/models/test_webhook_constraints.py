"""What the database itself refuses of endpoints, their deliveries and attempts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from django_report_scheduling.choices import Event
from django_report_scheduling.models import Delivery, DeliveryAttempt
from tests.factories import (
    NOW,
    DeliveryFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)

pytestmark = pytest.mark.django_db


def refused(make: Any, **fields: Any) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make(**fields)
    return str(error.value)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "asleep"}, "rs_webhook_state"),
        ({"state": "disabled"}, "rs_webhook_disabled_has_reason"),
        ({"state_reason": "gone"}, "rs_webhook_disabled_has_reason"),
        ({"url": "http://hooks.example/"}, "rs_webhook_https"),
        ({"secret": ""}, "rs_webhook_has_secret"),
        ({"previous_secret": "x"}, "rs_webhook_previous_secret_expires"),
        ({"previous_secret_expires_at": NOW}, "rs_webhook_previous_secret_expires"),
    ],
)
def test_an_endpoint_that_makes_no_sense_is_refused(fields: dict[str, Any], constraint: str) -> None:
    assert constraint in refused(WebhookEndpointFactory, **fields)


def test_a_mail_is_about_a_report() -> None:
    assert "rs_delivery_subject_fits_channel" in refused(DeliveryFactory, report=None)


def test_a_webhook_is_told_only_where_there_is_one() -> None:
    assert "rs_delivery_subject_fits_channel" in refused(DeliveryFactory, channel="webhook")


def test_a_mail_about_a_webhook_says_that_it_is_disabled_and_nothing_else() -> None:
    webhook = WebhookEndpointFactory()
    DeliveryFactory(report=None, webhook=webhook, event=Event.WEBHOOK_DISABLED)

    for fields in ({"event": Event.REPORT_SUCCEEDED}, {"report": GeneratedReportFactory()}):
        wrong = {"report": None, "webhook": webhook, "event": Event.WEBHOOK_DISABLED, **fields}
        assert "rs_delivery_subject_fits_channel" in refused(DeliveryFactory, **wrong)


def test_a_delivery_is_about_a_report_or_about_a_schedule() -> None:
    about_both = {"schedule": ReportScheduleFactory()}

    assert "rs_delivery_report_or_schedule" in refused(WebhookDeliveryFactory, **about_both)


def test_an_attempt_is_logged_once() -> None:
    delivery = WebhookDeliveryFactory()
    fields = {"delivery": delivery, "number": 1, "at": NOW, "outcome": "timeout", "duration_ms": 1}
    DeliveryAttempt.objects.create(**fields)

    assert refused(DeliveryAttempt.objects.create, **fields)


def test_deliveries_are_found_and_counted_by_account_whatever_they_are_about() -> None:
    mail = DeliveryFactory()
    event = WebhookDeliveryFactory(report__schedule__account=mail.report.account)
    ping = WebhookDeliveryFactory(report=None, webhook=event.webhook, event=Event.WEBHOOK_PING)
    other = WebhookDeliveryFactory()
    account = mail.report.account_id

    assert set(Delivery.objects.of_accounts([account])) == {mail, event, ping}
    assert set(Delivery.objects.all().outside_of([account])) == {other}
    assert Delivery.objects.all().count_by_account() == {account: 3, other.account_id: 1}


def test_an_endpoint_shows_itself_by_description_or_host_and_never_by_the_rest_of_its_url() -> None:
    url = "https://hooks.example/in?token=t"

    assert str(WebhookEndpointFactory(url=url)) == "hooks.example"
    assert str(WebhookEndpointFactory(url=url, description="Billing")) == "Billing"


def test_attack_042_no_repr_of_an_endpoint_shows_its_secret() -> None:
    endpoint = WebhookEndpointFactory(previous_secret_expires_at=NOW + dt.timedelta(days=1), previous_secret="sealed")

    assert endpoint.secret not in repr(endpoint)
    assert "whsec_" not in str(vars(endpoint))
