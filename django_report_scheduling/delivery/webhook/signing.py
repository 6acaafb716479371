"""Signatures by the Standard Webhooks specification 1.0."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from django_report_scheduling.delivery.webhook.secret import Secret

TOLERANCE: Final = dt.timedelta(minutes=5)
"""How far a message's timestamp may be from the receiver's clock."""

_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9_]{1,64}")


def message_id(event_id: UUID) -> str:
    """Return the ``webhook-id`` of an event: the same for every attempt, and without the dot that separates."""
    return f"msg_{event_id.hex}"


def signed_headers(*, message_id: str, now: dt.datetime, body: bytes, secrets: Sequence[Secret]) -> Mapping[str, str]:
    """Return the headers that go with a message.

    ``webhook-signature`` holds ``v1,`` and the base64 of the HMAC-SHA256 of ``id.timestamp.body``, once per secret and
    separated by spaces, so that a receiver may change to a new secret at any moment of the overlap.
    ``X-Webhook-Signature`` holds the very same codes as ``sha256=`` and hexadecimal digits.

    :param message_id: letters, digits and underscores; see :func:`message_id`.
    :param now: the moment of this attempt, aware.
    :param body: the bytes that are sent.
    :param secrets: newest first.
    :raises ValueError: no secret, an id that could be confused with another part, or a naive time.
    """
    if not secrets:
        msg = "A message needs at least one secret to sign it with."
        raise ValueError(msg)
    if not _MESSAGE_ID.fullmatch(message_id):
        msg = f"A message id consists of 1 to 64 letters, digits and underscores, got {message_id!r}."
        raise ValueError(msg)
    if now.tzinfo is None:
        msg = f"The moment of an attempt must be aware, got {now!r}."
        raise ValueError(msg)
    timestamp = str(int(now.timestamp()))
    content = b".".join((message_id.encode("ascii"), timestamp.encode("ascii"), body))
    codes = [secret.mac(content) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(code).decode('ascii')}" for code in codes),
        "x-webhook-signature": " ".join(f"sha256={code.hex()}" for code in codes),
    }
