"""Endpoints in the admin: looked at, pinged and stopped, and their secrets never seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry

from django_report_scheduling.access import roles
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AuditEvent, Delivery, WebhookEndpoint
from django_report_scheduling.services.webhooks.endpoints import create_webhook
from tests.admin.staff import browser, choose, page, staff, told
from tests.extras import needs_webhooks
from tests.factories import NOW, AccountFactory, UserFactory, WebhookEndpointFactory

pytestmark = [needs_webhooks, pytest.mark.django_db]


def operator(endpoint: WebhookEndpoint, *codenames: str) -> Any:
    person = staff("view_webhookendpoint", *codenames)
    roles.grant(account=endpoint.account, holder=person, role=Role.ACCOUNT_MANAGER)
    return person


def test_attack_037_no_page_shows_secret_or_token() -> None:
    endpoint, secret = create_webhook(
        account_id=AccountFactory().pk,
        actor=None,
        now=NOW,
        url="https://hooks.customer.example/in?token=t0ken",
        events=["report.failed"],
    )
    assert secret is not None
    client = browser(UserFactory(is_staff=True, is_superuser=True))

    pages = [
        client.get(page("webhookendpoint_changelist")),
        client.get(page("webhookendpoint_change", endpoint.pk)),
        client.get(page("webhookendpoint_history", endpoint.pk)),
        client.get(page("auditevent_changelist")),
    ]

    for shown in pages:
        text = shown.content.decode()
        assert shown.status_code == 200
        for private in (secret.reveal(), endpoint.secret, "t0ken"):
            assert private not in text
    assert "hooks.customer.example" in pages[0].content.decode()
    for table in (AuditEvent, LogEntry):
        assert secret.reveal() not in str(list(table.objects.values()))


def test_attack_107_staff_see_the_endpoints_of_accounts_they_manage() -> None:
    mine = WebhookEndpointFactory()
    WebhookEndpointFactory(description="Foreign")
    client = browser(operator(mine))

    text = client.get(page("webhookendpoint_changelist")).content.decode()

    assert mine.host in text
    assert "Foreign" not in text


def test_nobody_adds_changes_or_deletes_one() -> None:
    client = browser(UserFactory(is_staff=True, is_superuser=True))
    endpoint = WebhookEndpointFactory()

    assert client.get(page("webhookendpoint_add")).status_code == 403
    assert client.post(page("webhookendpoint_change", endpoint.pk), {"url": "https://x.example/"}).status_code == 403
    assert client.post(page("webhookendpoint_delete", endpoint.pk), {"post": "yes"}).status_code == 403


def test_attack_110_disabling_takes_the_permission_and_is_recorded() -> None:
    endpoint = WebhookEndpointFactory()

    choose(browser(operator(endpoint)), "webhookendpoint", "disable", endpoint)
    endpoint.refresh_from_db()
    assert endpoint.state == "active"

    person = operator(endpoint, "change_webhookendpoint")
    answer = choose(browser(person), "webhookendpoint", "disable", endpoint)
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.state_reason) == ("disabled", "by_hand")
    assert told(answer) == ["Done: 1."]
    assert AuditEvent.objects.get(verb="webhook.disabled").actor == person


def test_a_ping_is_queued() -> None:
    endpoint = WebhookEndpointFactory()

    choose(browser(operator(endpoint, "change_webhookendpoint")), "webhookendpoint", "ping", endpoint)

    assert Delivery.objects.get(webhook=endpoint).event == "webhook.ping"


def test_reactivating_takes_an_administrator() -> None:
    endpoint = WebhookEndpointFactory(state="disabled", state_reason="failures")

    choose(browser(operator(endpoint, "change_webhookendpoint")), "webhookendpoint", "reactivate", endpoint)
    endpoint.refresh_from_db()
    assert endpoint.state == "disabled"

    administrator = UserFactory(is_staff=True, is_superuser=True)
    choose(browser(administrator), "webhookendpoint", "reactivate", endpoint)
    endpoint.refresh_from_db()
    assert endpoint.state == "pending"


def test_attack_109_html_in_a_url_or_description_is_shown_as_text() -> None:
    WebhookEndpointFactory(url="https://x.example/<script>", description="<script>alert(1)</script>")
    client = browser(UserFactory(is_staff=True, is_superuser=True))

    assert "<script>alert" not in client.get(page("webhookendpoint_changelist")).content.decode()


def test_a_superuser_deletes_an_account_with_its_webhooks() -> None:
    endpoint = WebhookEndpointFactory()
    client = browser(UserFactory(is_staff=True, is_superuser=True))

    client.post(page("account_delete", endpoint.account_id), {"post": "yes"})

    assert not WebhookEndpoint.objects.exists()
