"""Networks of the host's own, named in a setting: public by their addresses, and no place for webhooks all the same."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv6Network, ip_network
from typing import Any, Final

from django_report_scheduling.delivery.webhook.addresses import Network

EXAMPLE: Final = '["203.0.113.0/24", "2001:db8::/32"]'
_CARRIERS: Final = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
"""Here an address counts as the IPv4 address in it, and a network would never be compared with one."""


def refused_networks(texts: Any) -> Sequence[Network]:
    """Read what the option ``also_refused`` says.

    :raises TypeError: it is no list.
    :raises ValueError: something in it is not a network; whoever wrote it means to be safe, so nothing is guessed.
    """
    if isinstance(texts, str | bytes) or not isinstance(texts, Sequence):
        msg = f"also_refused must be a list of networks like {EXAMPLE}, got {texts!r}."
        raise TypeError(msg)
    return tuple(map(_network, texts))


def _network(text: object) -> Network:
    try:
        network = ip_network(text if isinstance(text, str) else "")
    except ValueError as error:
        reason = str(error) if isinstance(text, str) else "it is no text"
        msg = f"also_refused has {text!r}, which is not a network ({reason}). Write it as in {EXAMPLE}."
        raise ValueError(msg) from error
    if isinstance(network, IPv6Network) and any(network.overlaps(carrier) for carrier in _CARRIERS):
        msg = f"also_refused has {text!r}, which carries IPv4 addresses. Name the network of those instead."
        raise ValueError(msg)
    return network
