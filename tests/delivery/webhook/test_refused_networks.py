"""Public networks of the host's own: named in the settings, and reached by no webhook."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest
import trustme
from pytest_django import Settings

from django_report_scheduling.choices import Event
from django_report_scheduling.delivery import HttpMessage, channels
from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.refused_networks import refused_networks
from django_report_scheduling.exceptions import InvalidPlugin, ReceiverFailed
from tests.delivery.requests import delivery_request
from tests.delivery.webhook.receiver import URL, answering, receiver, server_context
from tests.factories import NOW

BACKEND = "django_report_scheduling.delivery.webhook.channel.WebhookChannel"


def configure(settings: Settings, also_refused: Any) -> Any:
    settings.REPORT_SCHEDULING = {
        "CHANNELS": {"webhook": {"BACKEND": BACKEND, "OPTIONS": {"also_refused": also_refused}}}
    }
    return channels["webhook"]


@pytest.mark.parametrize(
    ("also_refused", "address", "reached"),
    [
        (["93.184.215.0/24"], "93.184.215.14", False),
        (["93.184.215.14"], "93.184.215.14", False),
        (("2606:2800::/32", "93.184.215.0/24"), "2606:2800:21f:cb07::1", False),
        (["93.184.215.0/24"], "::ffff:93.184.215.14", False),
        (["93.184.216.0/24"], "93.184.215.14", True),
        ([], "93.184.215.14", True),
    ],
)
def test_attack_015_an_event_reaches_no_network_that_the_setting_names(
    settings: Settings,
    client_for: Callable[..., WebhookClient],
    authority: trustme.CA,
    monkeypatch: pytest.MonkeyPatch,
    also_refused: Any,
    address: str,
    reached: bool,
) -> None:
    channel = configure(settings, also_refused)
    configured = channel.client()
    message = HttpMessage(url=URL, body=b"{}", headers={}, now=NOW)
    with receiver(answering(), server_context(authority)) as server:
        client = client_for(server, addresses=[address], also_refused=configured.also_refused)
        monkeypatch.setattr(channel, "client", lambda: client)
        if reached:
            channel.deliver(delivery_request(event=Event.REPORT_FAILED, message=message))
        else:
            with pytest.raises(ReceiverFailed) as failed:
                channel.deliver(delivery_request(event=Event.REPORT_FAILED, message=message))
            assert failed.value.outcome == "address_not_public"

    assert server.accepted == int(reached)


@pytest.mark.parametrize(
    ("also_refused", "text"),
    [
        ("203.0.113.0/24", "must be a list of networks"),
        (None, "must be a list of networks"),
        (["203.0.113.7/24"], "'203.0.113.7/24', which is not a network (203.0.113.7/24 has host bits set)"),
        (["office.example.com"], "'office.example.com', which is not a network"),
        (["203.0.113.0/33"], "'203.0.113.0/33', which is not a network"),
        ([""], "which is not a network"),
        ([3405803776], "3405803776, which is not a network (it is no text)"),
        (["::ffff:203.0.113.0/120"], "which carries IPv4 addresses"),
        (["64:ff9b::/96"], "which carries IPv4 addresses"),
        (["::/0"], "which carries IPv4 addresses"),
    ],
)
def test_what_is_no_network_is_named_and_no_webhook_goes_out(settings: Settings, also_refused: Any, text: str) -> None:
    with pytest.raises(InvalidPlugin) as refused:
        configure(settings, also_refused)

    assert text in str(refused.value)
    assert "['webhook']['OPTIONS']" in str(refused.value)


def test_networks_are_read_in_their_order() -> None:
    first, second = refused_networks(["203.0.113.0/24", "2001:db8::/32"])

    assert ip_address("203.0.113.255") in first
    assert ip_address("2001:db8::1") in second
