"""People and programs that ask, list and answer at the same moment."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from django_report_scheduling.choices import ConsentState
from django_report_scheduling.models import Delivery, RecipientConsent
from django_report_scheduling.services.named_locks import make_lock, take_lock
from django_report_scheduling.services.recipients.answers import unsubscribe
from django_report_scheduling.services.recipients.asking import ASKING, ask_recipient
from django_report_scheduling.services.recipients.links import unsubscribe_url
from django_report_scheduling.services.schedules import create_schedule
from tests.factories import NOW, RecipientConsentFactory
from tests.services.webhooks.other_connection import PATIENCE, closing, wait_until_it_waits

pytestmark = [
    pytest.mark.skipif(connection.vendor != "postgresql", reason="Only there it can be seen who waits."),
    pytest.mark.postgresql,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("sample_report", "external_confirm"),
]

OUTSIDE = "stranger@elsewhere.example"


@pytest.fixture
def consent() -> RecipientConsent:
    make_lock(ASKING)
    return RecipientConsentFactory(address=OUTSIDE)


def list_it(consent: RecipientConsent) -> Any:
    return partial(
        create_schedule, account=consent.account, actor=None, now=NOW, name="Weekly", report_type="sample",
        formats=["json"], frequency="daily", time_of_day=dt.time(8), timezone="UTC", recipients=[OUTSIDE],
    )  # fmt: skip


@pytest.mark.parametrize("act", ["ask", "list"])
def test_who_waits_for_the_turn_to_ask_keeps_nobody_from_answering(act: str, consent: RecipientConsent) -> None:
    asking = partial(ask_recipient, consent_id=consent.pk, actor=None, now=NOW)
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            take_lock(ASKING)
            other: Future[Any] = threads.submit(closing(asking if act == "ask" else list_it(consent)))
            wait_until_it_waits(other)
            assert RecipientConsent.objects.select_for_update(nowait=True).get(pk=consent.pk) == consent
        other.result(timeout=PATIENCE)

    assert Delivery.objects.count() == 1


def test_attack_065_who_unsubscribes_while_being_listed_stays_unsubscribed(consent: RecipientConsent) -> None:
    token = unsubscribe_url(consent).rstrip("/").rpartition("/")[2]
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            unsubscribe(token=token, now=NOW)
            other = threads.submit(closing(list_it(consent)))
            wait_until_it_waits(other)
        other.result(timeout=PATIENCE)

    consent.refresh_from_db()
    assert consent.state == ConsentState.UNSUBSCRIBED
    assert not Delivery.objects.exists()
