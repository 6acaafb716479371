"""The webhook channel without a network: it answers what a test has put down, and keeps what was sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django_report_scheduling.delivery.webhook.channel import WebhookChannel
from django_report_scheduling.delivery.webhook.outcome import Outcome, OutcomeCode


@dataclass(frozen=True)
class Sent:
    url: str
    body: bytes
    headers: Mapping[str, str]
    now: dt.datetime
    seconds: float


def answer(status: int, **fields: Any) -> Outcome:
    code = OutcomeCode.DELIVERED if 200 <= status < 300 else OutcomeCode.HTTP_STATUS
    return Outcome(code=code, status=status, **fields)


class ScriptedClient:
    def post(self, url: str, *, body: bytes, headers: Mapping[str, str], now: dt.datetime, seconds: float) -> Outcome:
        ScriptedChannel.sent.append(Sent(url, body, headers, now, seconds))
        if ScriptedChannel.meanwhile is not None:
            ScriptedChannel.meanwhile()
        return ScriptedChannel.answers.pop(0) if ScriptedChannel.answers else answer(204)


class ScriptedChannel(WebhookChannel):
    answers: ClassVar[list[Outcome]] = []
    """The answers to come; 204 after the last."""
    sent: ClassVar[list[Sent]] = []
    meanwhile: ClassVar[Callable[[], None] | None] = None
    """What happens while the receiver is at it."""

    def client(self) -> Any:
        return ScriptedClient()
