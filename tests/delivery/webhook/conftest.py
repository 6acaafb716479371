"""What the tests of webhooks share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import trustme

from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.trust import trust_from
from tests.delivery.webhook.receiver import Receiver
from tests.extras_at_hand import WEBHOOKS

collect_ignore_glob = [] if WEBHOOKS else ["test_*.py"]

PUBLIC_ADDRESS = "93.184.215.14"


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def authority_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def client_for(authority_file: Path) -> Callable[..., WebhookClient]:
    """Clients for which the name of a receiver leads to a public address, and that address to the receiver."""

    def make(receiver: Receiver, *, addresses: Sequence[str] = (PUBLIC_ADDRESS,), **changes: Any) -> WebhookClient:
        values: dict[str, Any] = {
            "resolve": lambda _host, _deadline: [ip_address(address) for address in addresses],
            "dial": lambda _address, _port, seconds: receiver.dialed(seconds),
            "trust": lambda: trust_from(str(authority_file)),
        }
        return WebhookClient(**{**values, **changes})

    return make
