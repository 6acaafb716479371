"""The channel that a page shows, in use, and receivers behind real TLS for it."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from typing import Any

import pytest
import trustme
from django.core.files.storage import InMemoryStorage
from pytest_django import Settings

from django_report_scheduling.delivery.webhook import WebhookClient
from django_report_scheduling.models import Delivery
from django_report_scheduling.services.delivering import deliver
from tests.delivery.webhook.conftest import authority, authority_file, client_for
from tests.delivery.webhook.receiver import Receiver, Script, receiver, server_context
from tests.docs.slack_page import PAGE, URL, block, make
from tests.factories import NOW

__all__ = ["authority", "authority_file", "client_for"]


@pytest.fixture
def shown(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    """The module and the settings of the page, in use."""
    module = types.ModuleType("crm.slack")
    exec(compile(block("slack.py"), str(PAGE), "exec"), module.__dict__)  # noqa: S102  # that is the point
    monkeypatch.setitem(sys.modules, "crm", types.ModuleType("crm"))
    monkeypatch.setitem(sys.modules, "crm.slack", module)
    host: dict[str, Any] = {"env": {"SLACK_URL_OF_ACME": URL}.__getitem__}
    exec(compile(block("settings.py"), str(PAGE), "exec"), host)  # noqa: S102  # as above
    settings.REPORT_SCHEDULING = host["REPORT_SCHEDULING"]
    return module


@pytest.fixture
def post(
    shown: types.ModuleType,
    client_for: Callable[..., WebhookClient],
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
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
