"""The real webhook channel, for which every name leads to one server on loopback: for workers in other processes."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Any

from django_report_scheduling.delivery.webhook.channel import WebhookChannel
from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.trust import trust_from

PUBLIC_ADDRESS = ip_address("93.184.215.14")


class LocalWebhookChannel(WebhookChannel):
    """Replaces the look-up, the connection and the list of authorities; all between them is the real thing.

    :param port: of the server.
    :param authority: file with the certificate of the authority that signed the server's.
    """

    def __init__(self, *, port: int, authority: str, **options: Any) -> None:
        super().__init__(**options)
        self._port = port
        self._trust = trust_from(authority)

    def client(self) -> WebhookClient:
        return WebhookClient(
            resolve=lambda _host, _deadline: [PUBLIC_ADDRESS],
            dial=lambda _address, _port, seconds: socket.create_connection(("127.0.0.1", self._port), seconds),
            trust=lambda: self._trust,
        )
