"""One HTTP/1.1 request and its answer, on one connection that is then closed."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django_report_scheduling.delivery.webhook.libraries import library
from django_report_scheduling.delivery.webhook.network import CheckedNetwork
from django_report_scheduling.delivery.webhook.outcome import AttemptFailed, OutcomeCode
from django_report_scheduling.delivery.webhook.quiet import quiet
from django_report_scheduling.delivery.webhook.retry_after import RETRY_AFTER, seconds_to_wait
from django_report_scheduling.delivery.webhook.urls import CheckedUrl

if TYPE_CHECKING:
    from httpcore2 import Response

MAX_BODY: Final = 64 * 1024
"""Bytes of an answer's body that are read, and thrown away, before the connection is closed on the rest."""
MAX_HEADERS: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What is sent and where to."""

    url: CheckedUrl
    headers: Sequence[tuple[str, str]] = field(repr=False)
    body: bytes = field(repr=False)


def exchange(message: Message, *, network: CheckedNetwork, trust: ssl.SSLContext, now: dt.datetime) -> int:
    """Send the message and return the status, which is a 2xx.

    The status decides once the head of the answer is complete: the receiver has taken the message (RFC 9110 §15.3). An
    answer that breaks off in its head has no meaning yet, and one that breaks off later is merely incomplete (RFC 9112
    §8), which matters to nobody who throws it away. The connection belongs to the network, which the caller closes.

    :raises AttemptFailed: the answer is another, or none.
    """
    http = library("httpcore2")
    url = message.url
    target = http.URL(scheme=b"https", host=url.host, port=url.port, target=url.target)
    # The plain connection, below everything that follows redirects, unpacks bodies, reads the environment or pools.
    connection = http.HTTPConnection(origin=target.origin, ssl_context=trust, network_backend=network)
    request = http.Request(b"POST", target, headers=message.headers, content=message.body)
    with quiet():
        try:
            response: Response = connection.handle_request(request)
            return _judged(response, now)
        except http.ProtocolError as error:
            raise AttemptFailed(OutcomeCode.PROTOCOL) from error


def _judged(response: Response, now: dt.datetime) -> int:
    status = response.status
    if len(response.headers) > MAX_HEADERS:
        raise AttemptFailed(OutcomeCode.PROTOCOL, status=status)
    if not 200 <= status < 300:
        values = [value for name, value in response.headers if name.lower() == RETRY_AFTER]
        wait = seconds_to_wait(values[0], now) if len(values) == 1 else None
        raise AttemptFailed(OutcomeCode.HTTP_STATUS, status=status, retry_after=wait)
    with suppress(AttemptFailed, library("httpcore2").ProtocolError):
        _read_away(response.stream)
    return status


def _read_away(stream: Any) -> None:
    # Closing before the end resets the connection, which careful receivers take for a delivery that failed.
    received = 0
    for chunk in stream:
        received += len(chunk)
        if received > MAX_BODY:
            return
