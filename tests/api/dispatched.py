"""What the API hands to the broker, where the transaction of a test never commits."""

from __future__ import annotations

from typing import Any

import pytest

from django_report_scheduling.tasks import publishing


def note_messages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list to which the id of each message is added from now on."""
    ids: list[str] = []

    def publish(messages: Any, *, patience: Any) -> int:
        ids.extend(message.id for message in messages)
        return len(messages)

    monkeypatch.setattr(publishing, "publish_reports", publish)
    monkeypatch.setattr(publishing, "publish_deliveries", publish)
    return ids
