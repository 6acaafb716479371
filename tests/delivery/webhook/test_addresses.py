"""Which IP addresses a request may go to."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_report_scheduling.delivery.webhook.addresses import REFUSED_IPV4, REFUSED_IPV6, Network, is_public, plain


def _near_a_border(bits: int) -> st.SearchStrategy[int]:
    networks = [network for network in (*REFUSED_IPV4, *REFUSED_IPV6) if network.max_prefixlen == bits]
    borders = [int(network[edge]) for network in networks for edge in (0, -1)]
    return st.builds(
        lambda border, offset: min(max(border + offset, 0), 2**bits - 1), st.sampled_from(borders), st.integers(-3, 3)
    )


ipv4 = (st.integers(0, 2**32 - 1) | _near_a_border(32)).map(IPv4Address)
ipv6 = (st.integers(0, 2**128 - 1) | st.integers(2**125, 2**126 - 1) | _near_a_border(128)).map(IPv6Address)


@settings(max_examples=2000, deadline=None)
@given(ipv4 | ipv6)
@example(IPv4Address("168.63.129.16"))
def test_attack_004_never_more_permissive_than_the_standard_library(address: IPv4Address | IPv6Address) -> None:
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


def _clothes(address: IPv4Address) -> dict[str, IPv6Address]:
    number = int(address)
    return {
        "mapped": IPv6Address(0xFFFF << 32 | number),
        "compatible": IPv6Address(number),
        "siit": IPv6Address(0xFFFF << 48 | number),
        "isatap": IPv6Address((0x2A00_1450 << 96) | (0x0000_5EFE << 32) | number),
        "isatap, global": IPv6Address((0x2A00_1450 << 96) | (0x0200_5EFE << 32) | number),
        "6to4": IPv6Address((0x2002 << 112) | (number << 80) | 1),
        "teredo": IPv6Address((0x2001_0000 << 96) | (~number & 0xFFFFFFFF)),
        "nat64": IPv6Address((0x0064_FF9B << 96) | number),
        "nat64, local": IPv6Address((0x0064_FF9B_0001 << 80) | number),
    }


@settings(max_examples=500, deadline=None)
@given(ipv4)
def test_attack_005_an_ipv4_address_in_other_clothes(address: IPv4Address) -> None:
    clothes = _clothes(address)
    assert is_public(clothes["mapped"]) is is_public(address)
    assert is_public(clothes["nat64"], nat64=True) is is_public(address)
    assert not any(is_public(dressed) for name, dressed in clothes.items() if name != "mapped")
    assert not any(is_public(clothes[name], nat64=True) for name in clothes if name not in {"mapped", "nat64"})


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16",
        "fd00:ec2::254", "fd20:ce::254", "::ffff:169.254.169.254", "fe80::a9fe:a9fe",
    ],
)  # fmt: skip
def test_attack_006_metadata_services_are_refused(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("0.255.255.255", False), ("1.0.0.0", True),
        ("9.255.255.255", True), ("10.0.0.0", False), ("10.255.255.255", False), ("11.0.0.0", True),
        ("100.63.255.255", True), ("100.64.0.0", False), ("100.127.255.255", False), ("100.128.0.0", True),
        ("126.255.255.255", True), ("127.0.0.0", False), ("127.255.255.255", False), ("128.0.0.0", True),
        ("168.63.129.15", True), ("168.63.129.16", False), ("168.63.129.17", True),
        ("169.253.255.255", True), ("169.254.0.0", False), ("169.254.255.255", False), ("169.255.0.0", True),
        ("172.15.255.255", True), ("172.16.0.0", False), ("172.31.255.255", False), ("172.32.0.0", True),
        ("191.255.255.255", True), ("192.0.0.0", False), ("192.0.0.255", False), ("192.0.1.0", True),
        ("192.167.255.255", True), ("192.168.0.0", False), ("192.168.255.255", False), ("192.169.0.0", True),
        ("198.17.255.255", True), ("198.18.0.0", False), ("198.19.255.255", False), ("198.20.0.0", True),
        ("223.255.255.255", True), ("224.0.0.0", False), ("255.255.255.255", False),
        ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", False), ("2000::", True),
        ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", False), ("2001:200::", True),
        ("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", True), ("2001:db8::", False), ("2001:db9::", True),
        ("2001:ffff::", True), ("2002::", False), ("2003::", True),
        ("3ffe:ffff::", True), ("3fff:0fff::", False), ("3fff:1000::", True), ("4000::", False),
    ],
)  # fmt: skip
def test_attack_007_borders_of_the_table(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


@pytest.mark.parametrize(
    "address",
    [
        str(IPv4Address(0)), "::", "::1", "224.0.0.1", "ff02::1", "ff0e::1", "255.255.255.255", "240.0.0.1",
        "fec0::1", "fe80::1", "fe80::1%eth0", "2a00:1450::1%eth0", "fc00::1", "5f00::1", "4000::1", "100::1",
        "2001::1", "2001:2::1", "2001:10::1", "2001:20::1", "192.0.2.1", "198.51.100.1", "203.0.113.1",
        "2001:db8::1", "3fff::1", "192.88.99.1", "192.31.196.1", "2620:4f:8000::1", "64:ff9b:1::1",
    ],
)  # fmt: skip
def test_attack_008_what_is_not_unicast_on_the_internet_is_refused(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2a00:1450:4001:80e::200e", "2606:2800:21f:cb07::1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_a_network_of_ones_own_is_refused_in_every_clothing() -> None:
    own = [ip_network("93.184.215.0/24"), ip_network("2a00:1450::/32")]
    refused = ["93.184.215.14", "::ffff:93.184.215.14", "64:ff9b::93.184.215.14", "2a00:1450::1"]
    assert not any(is_public(ip_address(address), also_refused=own, nat64=True) for address in refused)
    assert is_public(ip_address("93.184.216.1"), also_refused=own)


def test_a_mapped_address_is_plainly_the_one_in_it() -> None:
    assert plain(ip_address("::ffff:8.8.8.8")) == ip_address("8.8.8.8")
    assert plain(ip_address("2a00:1450::1")) == ip_address("2a00:1450::1")
    assert plain(ip_address("8.8.8.8")) == ip_address("8.8.8.8")


@pytest.mark.parametrize("table", [REFUSED_IPV4, REFUSED_IPV6])
def test_no_two_entries_of_a_table_overlap(table: Sequence[Network]) -> None:
    assert all(not one.overlaps(other) for one, other in combinations(table, 2))  # type: ignore[arg-type]
