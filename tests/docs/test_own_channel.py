"""The channel that the documentation shows works as shown: from a report that is made to what the receiver got."""

from __future__ import annotations

import ast
import datetime as dt
import json
import re
import types
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage
from django.test import Client
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryStatus, ErrorCode
from django_report_scheduling.models import Delivery
from django_report_scheduling.rendering.formatting.dates import period_text
from django_report_scheduling.rendering.locales import parse_locale
from django_report_scheduling.services.report_requests import redeliver
from tests.delivery.webhook.receiver import Receiver, Script, answering
from tests.docs.slack_page import SECRET, SITE, URL, block, links_in, make, taking
from tests.extras import needs_webhooks
from tests.factories import NOW

pytestmark = [
    needs_webhooks,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("sample_report", "shown"),
]

Post = Callable[..., tuple[Delivery, Receiver]]


def test_it_has_sixty_lines_of_code_at_most() -> None:
    source = block("slack.py")
    tree = ast.parse(source)
    skipped: set[int] = set()
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if is_text or isinstance(node, ast.Import | ast.ImportFrom):
            skipped |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = [line for number, line in enumerate(source.splitlines(), 1) if line.strip() and number not in skipped]
    assert 30 < len(lines) <= 60


def test_slack_gets_exactly_what_it_documents(made: Delivery, post: Post) -> None:
    assert made.report is not None
    period = period_text(made.report.period, parse_locale("en"))
    delivery, server = post(taking())

    (request,) = server.requests
    assert (request.line, request["content-type"]) == (f"POST /services/{SECRET} HTTP/1.1", "application/json")
    body = json.loads(request.body)
    files = body["blocks"].pop()["text"].pop("text").split(" · ")
    assert body == {
        "text": f"Sample report · R&amp;D &lt;weekly&gt; · {period}",
        "blocks": [
            {
                "type": "section",
                "text": {
                    "type": "mrkdwn",
                    "text": f"*Sample report*\nR&amp;D &lt;weekly&gt;\n{period}",
                    "verbatim": True,
                },
            },
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }
    for file, name in zip(files, ["acme-sample-2026-02-23.json", "acme-sample-2026-02-23.csv"], strict=True):
        assert re.fullmatch(rf"<{SITE}/reports/download/[^|<>&]+\|{name}>", file)
    assert (delivery.status, delivery.target, delivery.sent_at) == (DeliveryStatus.SENT, "acme", NOW)


def test_the_recipients_of_the_schedule_get_their_mail_beside_it(made: Delivery) -> None:
    assert made.report is not None
    assert set(made.report.deliveries.values_list("channel", "target")) == {
        ("slack", "acme"),
        ("email", "client@customer.example"),
    }


def test_an_account_without_a_url_has_no_such_delivery(report_storage: InMemoryStorage) -> None:
    with pytest.raises(Delivery.DoesNotExist):
        make(schedule__account__slug="other")
    assert Delivery.objects.filter(channel="email").count() == 1


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (answering("500 Internal Server Error"), 60),
        (answering("503 Service Unavailable", "retry-after: 5\r\n"), 60),
        (answering("429 Too Many Requests", "retry-after: 120\r\n"), 120),
        (answering("429 Too Many Requests", "retry-after: 86400\r\n"), 900),
    ],
)
def test_what_may_pass_is_tried_again_and_not_before_slack_wants_it(
    made: Delivery, post: Post, answer: Script, wait: int
) -> None:
    delivery, _server = post(answer)

    assert (delivery.status, delivery.error_code) == (DeliveryStatus.PENDING, ErrorCode.CHANNEL_UNAVAILABLE)
    assert delivery.wake_at == NOW + dt.timedelta(seconds=wait)

    assert post(taking())[0].status == DeliveryStatus.SENT


@pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden", "404 Not Found", "410 Gone", "302 Found"])
def test_what_slack_refuses_is_not_tried_again(made: Delivery, post: Post, status: str) -> None:
    delivery, _server = post(answering(status, body=b"no_service"))

    assert (delivery.status, delivery.error_code) == (DeliveryStatus.FAILED, ErrorCode.CHANNEL_REJECTED)
    assert delivery.error_message == f"Slack answered with {status[:3]}."


@pytest.mark.parametrize(("repeatable", "status"), [(False, DeliveryStatus.UNKNOWN), (True, DeliveryStatus.PENDING)])
def test_without_an_answer_nobody_knows_and_only_a_repeatable_channel_tries_again(
    made: Delivery,
    post: Post,
    shown: types.ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    repeatable: bool,
    status: DeliveryStatus,
) -> None:
    monkeypatch.setattr(shown.SlackChannel, "repeatable", repeatable)

    delivery, server = post(lambda connection: connection.read() and None)

    assert (delivery.status, len(server.requests)) == (status, 1)


def test_what_never_left_this_machine_is_no_unknown(made: Delivery, post: Post) -> None:
    def refuse(*_arguments: object) -> Any:
        raise ConnectionRefusedError

    delivery, server = post(taking(), dial=refuse)

    assert (delivery.status, server.accepted) == (DeliveryStatus.PENDING, 0)


def test_an_unknown_one_is_sent_again_when_somebody_asks_for_it(made: Delivery, post: Post) -> None:
    post(lambda connection: connection.read() and None)

    assert redeliver(report_id=made.report_id, actor=None, now=NOW) == 1

    assert post(taking())[0].status == DeliveryStatus.SENT


def test_attack_060_a_target_that_is_not_named_any_more_gets_nothing_and_its_links_are_dead(
    made: Delivery, post: Post, settings: Settings
) -> None:
    _sent, server = post(taking())
    (link, _other) = links_in(server)
    assert Client().get(link).status_code == 200
    Delivery.objects.update(status=DeliveryStatus.PENDING, wake_at=NOW, sent_at=None)

    settings.REPORT_SCHEDULING["CHANNELS"]["slack"]["OPTIONS"]["secret_urls"] = {"other": URL}
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING}
    delivery, server = post(taking())

    assert (delivery.status, server.accepted) == (DeliveryStatus.SUPPRESSED, 0)
    assert Client().get(link).status_code == 404
