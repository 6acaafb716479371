"""Whoever deletes an endpoint, an account or a report waits for those who write about it, and they for nobody."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from django.db import connection, transaction

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.models import Delivery, DeliveryAttempt, GeneratedReport, WebhookEndpoint
from django_report_scheduling.services import accounts
from django_report_scheduling.services.delivery_claims import claim_delivery, close_delivery
from django_report_scheduling.services.purge import purge
from django_report_scheduling.services.report_claims import finish_report
from django_report_scheduling.services.report_deletion import delete_reports
from django_report_scheduling.services.webhooks import events, pings
from django_report_scheduling.services.webhooks.attempts import Attempt
from django_report_scheduling.services.webhooks.endpoints import delete_webhook
from tests.factories import NOW, GeneratedReportFactory, WebhookDeliveryFactory, WebhookEndpointFactory
from tests.services.webhooks.other_connection import PATIENCE, closing, wait_until_it_waits

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="Only there it can be seen who waits."),
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("report_storage"),
]

DELIVERED = Attempt(outcome="delivered", answer=204, duration=0.1)


def test_an_endpoint_that_is_deleted_while_a_report_finishes_takes_nothing_from_the_report(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the look at who wants the event and the row that refers to them."""
    report = GeneratedReportFactory(running=True)
    endpoint = WebhookEndpointFactory(account=report.account)
    deletions: list[Future[None]] = []
    write = events.envelope

    with ThreadPoolExecutor(1) as threads:

        def delete_meanwhile(*args: Any, **fields: Any) -> Any:
            delete = partial(delete_webhook, webhook_id=endpoint.pk, actor=None, now=NOW)
            deletions.append(threads.submit(closing(delete)))
            wait_until_it_waits(deletions[-1])
            return write(*args, **fields)

        monkeypatch.setattr(events, "envelope", delete_meanwhile)
        assert finish_report(report, files=[], targets=[("email", "client@customer.example")], now=NOW)
        (deletion,) = deletions
        deletion.result(timeout=PATIENCE)

    report.refresh_from_db()
    assert report.status == ReportStatus.SUCCEEDED
    assert not WebhookEndpoint.objects.exists()
    assert [delivery.channel for delivery in Delivery.objects.all()] == ["email"]


def test_an_account_that_is_deleted_and_a_ping_do_not_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ping has the account and wants the endpoint; the deletion needs both."""
    report = GeneratedReportFactory(succeeded=True)
    endpoint = WebhookEndpointFactory(account=report.account)
    closed, held = threading.Event(), threading.Event()
    delete_its_reports, lock_account = accounts.delete_reports, pings.lock_account

    with ThreadPoolExecutor(1) as threads:

        def wait_for_the_ping(reports: Any) -> None:
            closed.set()
            held.wait(PATIENCE)
            delete_its_reports(reports)

        def lock_until_the_deletion_waits(account_id: Any) -> Any:
            account = lock_account(account_id)
            held.set()
            wait_until_it_waits(deletion)
            return account

        monkeypatch.setattr(accounts, "delete_reports", wait_for_the_ping)
        monkeypatch.setattr(pings, "lock_account", lock_until_the_deletion_waits)
        delete = partial(accounts.delete_account, account_id=endpoint.account_id, actor=None, now=NOW)
        deletion = threads.submit(closing(delete))
        assert closed.wait(PATIENCE)

        pings.ping_webhook(webhook_id=endpoint.pk, actor=None, now=NOW)
        deletion.result(timeout=PATIENCE)

    assert not get_account_model()._default_manager.exists()
    assert not Delivery.objects.exists()


def delete_all() -> None:
    delete_reports(GeneratedReport.objects.all())


def purge_all() -> None:
    for _batch in purge(now=NOW + dt.timedelta(days=1)):
        pass


@pytest.mark.parametrize("delete", [delete_all, purge_all])
def test_a_report_can_be_deleted_while_an_attempt_at_telling_of_it_is_written_down(
    delete: Callable[[], None], report_storage: InMemoryStorage
) -> None:
    """The deletion must see the attempt, whose row it would otherwise leave without a delivery."""
    delivery = WebhookDeliveryFactory(report__expires_at=NOW)
    claimed = claim_delivery(delivery_id=delivery.pk, attempt=0, now=NOW)
    assert claimed is not None

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            assert close_delivery(claimed, DeliveryStatus.SENT, now=NOW, attempt=DELIVERED)
            deletion = threads.submit(closing(delete))
            wait_until_it_waits(deletion)
        deletion.result(timeout=PATIENCE)

    assert not GeneratedReport.objects.exists()
    assert not DeliveryAttempt.objects.exists()
