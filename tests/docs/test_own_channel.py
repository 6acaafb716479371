"""The channel that the documentation shows works as shown: from a report that is made to what the receiver got."""

from __future__ import annotations

import ast
import datetime as dt
import json
import logging
import re
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from django.core.checks import run_checks
from django.core.files.storage import InMemoryStorage
from django.test import Client
from django.views.debug import SafeExceptionReporterFilter
from pytest_django import Settings
from rest_framework.test import APIClient

from django_report_scheduling.choices import DeliveryStatus, ErrorCode
from django_report_scheduling.delivery.webhook import WebhookClient
from django_report_scheduling.models import AuditEvent, Delivery
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.services.generation import generate_report
from django_report_scheduling.services.report_requests import redeliver
from tests.delivery.webhook.receiver import HOST, Connection, Receiver, answering, receiver, server_context
from tests.extras import needs_webhooks
from tests.factories import NOW, GeneratedReportFactory, UserFactory

pytestmark = [needs_webhooks, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sample_report")]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "own_channel.md"
SECRET = "canary-T0B0-secret"
URL = f"https://{HOST}/services/{SECRET}"
SITE = "https://reports.example.com"
PERIOD = "Feb 23\u2009–\u2009Mar 1, 2026"

Clients = Callable[..., WebhookClient]
Script = Callable[[Connection], None]


def block(name: str) -> str:
    pattern = rf"^```python {re.escape(name)}\n(.*?)^```$"
    found = re.search(pattern, PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found, name
    return found[1]


@pytest.fixture(autouse=True)
def shown(settings: Settings) -> Iterator[types.ModuleType]:
    """The module and the settings of the page, in use."""
    module = types.ModuleType("crm.slack")
    exec(compile(block("slack.py"), str(PAGE), "exec"), module.__dict__)  # noqa: S102  # that is the point
    sys.modules["crm"], sys.modules["crm.slack"] = types.ModuleType("crm"), module
    host: dict[str, Any] = {"env": {"SLACK_URL_OF_ACME": URL}.__getitem__}
    exec(compile(block("settings.py"), str(PAGE), "exec"), host)  # noqa: S102  # as above
    settings.REPORT_SCHEDULING = host["REPORT_SCHEDULING"]
    yield module
    del sys.modules["crm"], sys.modules["crm.slack"]


@pytest.fixture
def post(
    shown: types.ModuleType, client_for: Clients, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[Delivery, Receiver]]:
    """Make one attempt at what waits for Slack, which answers by a script."""

    def attempt(script: Script, **changes: Any) -> tuple[Delivery, Receiver]:
        delivery = Delivery.objects.get(channel="slack")
        with receiver(script, server_context(authority)) as server:
            client = client_for(server, **changes)
            monkeypatch.setattr(shown.SlackChannel, "client", lambda _channel: client)
            deliver(delivery_id=delivery.pk, attempt=delivery.attempt, clock=lambda: NOW)
        delivery.refresh_from_db()
        return delivery, server

    return attempt


@pytest.fixture
def made(report_storage: InMemoryStorage) -> Delivery:
    """What a report of the account brought into being for Slack."""
    return make()


def make(**fields: Any) -> Delivery:
    report = GeneratedReportFactory(
        queued=True,
        schedule__name="R&D <weekly>",
        schedule__formats=["json", "csv"],
        **{"schedule__account__slug": "acme", **fields},
    )
    generate_report(report_id=report.pk, attempt=0, clock=lambda: NOW)
    return Delivery.objects.get(channel="slack")


def links_in(server: Receiver) -> list[str]:
    text = json.loads(server.requests[0].body)["blocks"][1]["text"]["text"]
    return re.findall(rf"<{SITE}([^|]+)\|", text)


def taking() -> Script:
    return answering("200 OK", body=b"ok")


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


def test_slack_gets_exactly_what_it_documents(made: Delivery, post: Callable[..., tuple[Delivery, Receiver]]) -> None:
    delivery, server = post(taking())

    (request,) = server.requests
    assert (request.line, request["content-type"]) == (f"POST /services/{SECRET} HTTP/1.1", "application/json")
    body = json.loads(request.body)
    files = body["blocks"].pop()["text"].pop("text").split(" · ")
    assert body == {
        "text": f"Sample report · R&amp;D &lt;weekly&gt; · {PERIOD}",
        "blocks": [
            {
                "type": "section",
                "text": {
                    "type": "mrkdwn",
                    "text": f"*Sample report*\nR&amp;D &lt;weekly&gt;\n{PERIOD}",
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
    made: Delivery, post: Callable[..., tuple[Delivery, Receiver]], answer: Script, wait: int
) -> None:
    delivery, _server = post(answer)

    assert (delivery.status, delivery.error_code) == (DeliveryStatus.PENDING, ErrorCode.CHANNEL_UNAVAILABLE)
    assert delivery.wake_at == NOW + dt.timedelta(seconds=wait)

    assert post(taking())[0].status == DeliveryStatus.SENT


@pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden", "404 Not Found", "410 Gone", "302 Found"])
def test_what_slack_refuses_is_not_tried_again(
    made: Delivery, post: Callable[..., tuple[Delivery, Receiver]], status: str
) -> None:
    delivery, _server = post(answering(status, body=b"no_service"))

    assert (delivery.status, delivery.error_code) == (DeliveryStatus.FAILED, ErrorCode.CHANNEL_REJECTED)
    assert delivery.error_message == f"Slack answered with {status[:3]}."


@pytest.mark.parametrize(("repeatable", "status"), [(False, DeliveryStatus.UNKNOWN), (True, DeliveryStatus.PENDING)])
def test_without_an_answer_nobody_knows_and_only_a_repeatable_channel_tries_again(
    made: Delivery,
    post: Callable[..., tuple[Delivery, Receiver]],
    shown: types.ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    repeatable: bool,
    status: DeliveryStatus,
) -> None:
    monkeypatch.setattr(shown.SlackChannel, "repeatable", repeatable)

    delivery, server = post(lambda connection: connection.read() and None)

    assert (delivery.status, len(server.requests)) == (status, 1)


def test_what_never_left_this_machine_is_no_unknown(
    made: Delivery, post: Callable[..., tuple[Delivery, Receiver]]
) -> None:
    def refuse(*_arguments: object) -> Any:
        raise ConnectionRefusedError

    delivery, server = post(taking(), dial=refuse)

    assert (delivery.status, server.accepted) == (DeliveryStatus.PENDING, 0)


def test_an_unknown_one_is_sent_again_when_somebody_asks_for_it(
    made: Delivery, post: Callable[..., tuple[Delivery, Receiver]]
) -> None:
    post(lambda connection: connection.read() and None)

    assert redeliver(report_id=made.report_id, actor=None, now=NOW) == 1

    assert post(taking())[0].status == DeliveryStatus.SENT


def test_attack_060_a_target_that_is_not_named_any_more_gets_nothing_and_its_links_are_dead(
    made: Delivery, post: Callable[..., tuple[Delivery, Receiver]], settings: Settings
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


def test_the_secret_is_nowhere_but_in_the_request(
    made: Delivery,
    post: Callable[..., tuple[Delivery, Receiver]],
    shown: types.ModuleType,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
) -> None:
    caplog.set_level(logging.DEBUG)
    post(lambda connection: connection.read() and None)
    redeliver(report_id=made.report_id, actor=None, now=NOW)
    post(answering("500 No"))
    post(answering("404 No", body=SECRET.encode()))

    admin = APIClient()
    admin.force_authenticate(UserFactory(is_superuser=True))
    seen = [
        admin.get(f"/api/v1/reports/{made.report_id}/deliveries/").content.decode(),
        caplog.text,
        repr(list(Delivery.objects.values())),
        repr(list(AuditEvent.objects.values())),
        repr(shown.SlackChannel(secret_urls={"acme": URL})),
        repr(SafeExceptionReporterFilter().get_safe_settings()["REPORT_SCHEDULING"]),
    ]
    assert "acme" in seen[0]
    assert not [text for text in seen if SECRET in text]


def test_a_url_that_cannot_be_used_is_named_at_start_up_and_not_shown(settings: Settings) -> None:
    assert not [message for message in run_checks(tags=["report_scheduling"]) if message.id == "slack.E001"]

    for url in (f"http://{HOST}/{SECRET}", f"https://{HOST}:8443/{SECRET}", f"https://127.0.0.1/{SECRET}"):
        settings.REPORT_SCHEDULING["CHANNELS"]["slack"]["OPTIONS"]["secret_urls"] = {"acme": url}
        settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING}
        (found,) = [message for message in run_checks(tags=["report_scheduling"]) if message.id == "slack.E001"]
        assert "'acme'" in found.msg
        assert SECRET not in str(found)
