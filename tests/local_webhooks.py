"""Settings that lead all webhooks to one server on loopback; imported by settings, so nothing of ours here."""

from __future__ import annotations

from typing import Any


def local_webhooks(port: int, authority: object) -> dict[str, Any]:
    """Return the entry for ``CHANNELS``."""
    return {
        "BACKEND": "tests.local_webhook_channel.LocalWebhookChannel",
        "OPTIONS": {"port": port, "authority": str(authority)},
    }
