"""The only way in which this package sends an HTTP request to an address that a customer chose."""

from __future__ import annotations

import datetime as dt
import ssl
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass

from django_report_scheduling.delivery.webhook.addresses import Network
from django_report_scheduling.delivery.webhook.deadline import Deadline
from django_report_scheduling.delivery.webhook.exchange import Message, exchange
from django_report_scheduling.delivery.webhook.network import CheckedNetwork, Dial, dial
from django_report_scheduling.delivery.webhook.outcome import AttemptFailed, Outcome, OutcomeCode
from django_report_scheduling.delivery.webhook.request_headers import request_headers
from django_report_scheduling.delivery.webhook.resolving import PUBLIC_DNS, Resolve, public_addresses
from django_report_scheduling.delivery.webhook.trust import public_trust
from django_report_scheduling.delivery.webhook.urls import HTTPS_PORT, check_url
from django_report_scheduling.exceptions import InvalidWebhookUrl


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookClient:
    """Sends a body to a checked address and tells how it went, never what was answered.

    Each attempt has a connection of its own. Redirects are not followed, nothing is decompressed, and no proxy,
    password or certificate is taken from the environment.

    :param allowed_ports: see :func:`~django_report_scheduling.delivery.webhook.urls.check_url`.
    :param own_hosts: likewise.
    :param also_refused: networks that are refused although they are public.
    :param nat64: whether this host reaches IPv4 through NAT64.
    :param resolve: how names are looked up. Whatever it returns is checked.
    :param dial: how a checked address is connected to.
    :param trust: the rules for certificates.
    """

    allowed_ports: Collection[int] = (HTTPS_PORT,)
    own_hosts: Collection[str] = ()
    also_refused: Collection[Network] = ()
    nat64: bool = False
    resolve: Resolve = PUBLIC_DNS
    dial: Dial = dial
    trust: Callable[[], ssl.SSLContext] = public_trust

    def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], now: dt.datetime, seconds: float = 30.0
    ) -> Outcome:
        """Send one POST request.

        :param url: checked again here, since rows are older than rules.
        :param body: what is sent, byte for byte.
        :param headers: added to our own, which cannot be replaced.
        :param now: aware; needed for a ``Retry-After`` that names a date.
        :param seconds: for everything, from the look-up to the last byte of the answer.
        :raises ValueError: a header is not allowed.
        :raises ImproperlyConfigured: the extra ``webhooks`` is not installed.
        """
        deadline = Deadline(seconds)
        network: CheckedNetwork | None = None
        try:
            checked = check_url(url, allowed_ports=self.allowed_ports, own_hosts=self.own_hosts)
            all_headers = request_headers(checked, length=len(body), added=headers)
            message = Message(url=checked, headers=all_headers, body=body)
            with closing(self._network(checked.host, deadline)) as network:
                status = exchange(message, network=network, trust=self.trust(), now=now)
        except InvalidWebhookUrl:
            return Outcome(code=OutcomeCode.URL_REFUSED, duration=deadline.elapsed())
        except AttemptFailed as failure:
            return Outcome(
                code=failure.code,
                status=failure.status,
                sent=network is not None and network.sent,
                retry_after=failure.retry_after,
                duration=deadline.elapsed(),
            )
        return Outcome(code=OutcomeCode.DELIVERED, status=status, sent=True, duration=deadline.elapsed())

    def _network(self, host: str, deadline: Deadline) -> CheckedNetwork:
        addresses = public_addresses(
            host, deadline, resolve=self.resolve, also_refused=self.also_refused, nat64=self.nat64
        )
        return CheckedNetwork(addresses, deadline=deadline, dial=self.dial)
