"""Which IP addresses belong to the public internet, by a table of our own.

Not ``ipaddress.is_global``: what it says changes with the version of Python, it has let translated addresses through,
and it knows nothing of addresses that only look public inside a cloud.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

REFUSED_IPV4: Final = tuple(
    IPv4Network(network)
    for network in (
        # IANA IPv4 Special-Purpose Address Registry, those reachable worldwide included: nobody receives webhooks there
        "0.0.0.0/8",  # this network, RFC 791
        "10.0.0.0/8",  # private use, RFC 1918
        "100.64.0.0/10",  # shared address space, RFC 6598; holds 100.100.100.200 (Alibaba metadata)
        "127.0.0.0/8",  # loopback, RFC 1122
        "169.254.0.0/16",  # link local, RFC 3927; holds the metadata services of most clouds
        "172.16.0.0/12",  # private use, RFC 1918
        "192.0.0.0/24",  # protocol assignments, RFC 6890; holds 192.0.0.192 (Oracle metadata)
        "192.0.2.0/24",  # documentation, RFC 5737
        "192.31.196.0/24",  # AS112, RFC 7535
        "192.52.193.0/24",  # AMT, RFC 7450
        "192.88.99.0/24",  # former 6to4 relays, RFC 7526
        "192.168.0.0/16",  # private use, RFC 1918
        "192.175.48.0/24",  # AS112, RFC 7534
        "198.18.0.0/15",  # benchmarking, RFC 2544
        "198.51.100.0/24",  # documentation, RFC 5737
        "203.0.113.0/24",  # documentation, RFC 5737
        "224.0.0.0/4",  # multicast, RFC 5771
        "240.0.0.0/4",  # reserved, RFC 1112, and limited broadcast, RFC 919
        # looks public and is not
        "168.63.129.16/32",  # Azure's platform service
    )
)
GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
"""All that IANA gives out for use on the internet, RFC 4291. Everything outside is refused without being listed."""

REFUSED_IPV6: Final = tuple(
    IPv6Network(network)
    for network in (
        # what the IANA IPv6 Special-Purpose Address Registry lists inside of 2000::/3
        "2001::/23",  # protocol assignments, RFC 2928: Teredo, ORCHID, benchmarking and more
        "2001:db8::/32",  # documentation, RFC 3849
        "2002::/16",  # 6to4, RFC 3056: carries an IPv4 address that may be private
        "2620:4f:8000::/48",  # AS112, RFC 7534
        "3fff::/20",  # documentation, RFC 9637
    )
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
"""RFC 5214 §6.1: the third quarter of an address that carries an IPv4 address in its last."""


def is_public(address: Address, *, also_refused: Iterable[Network] = (), nat64: bool = False) -> bool:
    """Whether a request to this address leaves for the public internet.

    An IPv4-mapped address counts as the IPv4 address in it. Other IPv6 addresses that carry an IPv4 address are
    refused: IPv4-compatible, SIIT, ISATAP, 6to4, Teredo.

    :param also_refused: networks of public addresses that are somebody's own all the same.
    :param nat64: whether this host reaches IPv4 through NAT64 (RFC 6052); then 64:ff9b::/96 counts as the IPv4 address
        in it, and is refused otherwise.
    """
    if isinstance(address, IPv6Address) and (embedded := _embedded(address, nat64=nat64)) is not None:
        return is_public(embedded, also_refused=also_refused)
    if any(address in network for network in also_refused):
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_IPV4)
    return (
        address in GLOBAL_UNICAST
        and address.scope_id is None
        and (int(address) >> 32) & 0xFFFFFFFF not in _ISATAP
        and not any(address in network for network in REFUSED_IPV6)
    )


def plain(address: Address) -> Address:
    """Return the IPv4 address of an IPv4-mapped one, any other address as it is."""
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def _embedded(address: IPv6Address, *, nat64: bool) -> IPv4Address | None:
    if address.scope_id is not None:
        return None
    if nat64 and address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped
