"""What one delivery asks of the database. Thousands of events are told in a row, so each statement counts."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from django_report_scheduling.choices import DeliveryStatus
from tests.factories import WebhookDeliveryFactory
from tests.services.webhooks.conftest import Send
from tests.webhook_channel import ScriptedChannel, answer

pytestmark = pytest.mark.django_db

CLAIM = ["UPDATE delivery", "SELECT delivery", "INSERT auditevent"]
CONFIRM = ["SELECT delivery"]
CLOSE = ["SELECT webhookendpoint", "UPDATE delivery", "INSERT auditevent", "INSERT deliveryattempt"]


def statements(queries: CaptureQueriesContext) -> list[str]:
    """Verb and table of each statement on our tables, in order."""
    found = []
    for sql in (query["sql"] for query in queries.captured_queries):
        if "report_scheduling_" in sql:
            verb, table = sql.split()[0], re.search(r"report_scheduling_(\w+)", sql)
            assert table is not None
            found.append(f"{verb} {table[1]}")
    return found


def test_a_delivery_that_arrives_is_claimed_confirmed_and_closed_with_eight_statements(send: Send) -> None:
    delivery = WebhookDeliveryFactory()

    with CaptureQueriesContext(connection) as queries:
        assert send(delivery) == DeliveryStatus.SENT

    # The last one is the test's own look at the row.
    assert statements(queries)[:-1] == [*CLAIM, *CONFIRM, *CLOSE]


def test_neither_reads_people_nor_the_schedule_nor_what_the_report_was_made_with(send: Send) -> None:
    delivery = WebhookDeliveryFactory()

    with CaptureQueriesContext(connection) as queries:
        send(delivery)

    reads = [query["sql"] for query in queries.captured_queries if query["sql"].startswith("SELECT")][:2]
    for sql in reads:
        assert "auth_user" not in sql
        assert "report_scheduling_reportschedule" not in sql
        assert "error_message" not in sql
    assert "secret" in reads[0]
    assert "secret" not in reads[1]


def test_only_an_endpoint_that_has_failed_gets_its_count_cleared(send: Send) -> None:
    delivery = WebhookDeliveryFactory(webhook__consecutive_failures=3)

    with CaptureQueriesContext(connection) as queries:
        send(delivery)

    assert statements(queries)[:-1] == [*CLAIM, *CONFIRM, *CLOSE, "UPDATE webhookendpoint"]
    delivery.webhook.refresh_from_db()
    assert delivery.webhook.consecutive_failures == 0


def test_a_failed_attempt_takes_no_more_than_one_statement_more(send: Send) -> None:
    delivery = WebhookDeliveryFactory()
    ScriptedChannel.answers.append(answer(500))

    with CaptureQueriesContext(connection) as queries:
        assert send(delivery) == DeliveryStatus.PENDING

    assert len(statements(queries)[:-1]) == len([*CLAIM, *CONFIRM, *CLOSE]) + 1
