"""Which addresses a webhook may have."""

from __future__ import annotations

from urllib.parse import urlsplit

import httpcore2
import httpx2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_report_scheduling.delivery.webhook.urls import MAX_LENGTH, check_url
from django_report_scheduling.exceptions import InvalidWebhookUrl

OWN_HOSTS = ("reports.example.org", ".internal-tools.example.org", "*")


def refused(url: str) -> str:
    """Return why the address is refused."""
    with pytest.raises(InvalidWebhookUrl) as refusal:
        check_url(url, own_hosts=OWN_HOSTS)
    ((field, (message,)),) = refusal.value.errors.items()
    assert field == "url"
    return message


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://hooks.example.com", "https://hooks.example.com/"),
        ("https://Hooks.Example.COM/In", "https://hooks.example.com/In"),
        ("https://hooks.example.com:443/in", "https://hooks.example.com/in"),
        ("https://hooks.example.com/a/../b?token=x%2Fy&z", "https://hooks.example.com/a/../b?token=x%2Fy&z"),
        ("https://hooks.example.com?x=1", "https://hooks.example.com/?x=1"),
        ("https://hooks.example.com/?", "https://hooks.example.com/"),
        ("https://r3---sn-4g5e6nez.example.com/", "https://r3---sn-4g5e6nez.example.com/"),
        ("https://bücher.example.com/", "https://xn--bcher-kva.example.com/"),
        ("https://xn--bcher-kva.example.com/", "https://xn--bcher-kva.example.com/"),
        ("https://例え.テスト.jp/", "https://xn--r8jz45g.xn--zckzah.jp/"),
        ("https://example.xn--p1ai/", "https://example.xn--p1ai/"),
    ],
)
def test_an_address_is_brought_into_its_normal_form(url: str, normal: str) -> None:
    assert check_url(url).text == normal
    assert check_url(normal).text == normal


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "93.184.215.14", "127.1", "127.0.1", "0177.0.0.1", "0x7f.1", "0x7f.0.0.1", "2130706433",
        "0x7f000001", "[::1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]", "1.2.3.4.", "127.0.0.1%0", "127.0.0.1%00",
        "[fe80::1%25eth0]", "0", "00.00.00.00", "1.2.3.4.5", "example.1", "example.0x1", "::1", "[v1.x]",
    ],
)  # fmt: skip
def test_attack_009_ip_addresses_in_any_spelling(host: str) -> None:
    assert refused(f"https://{host}/")


@pytest.mark.parametrize(
    "host",
    [
        "①②⑦.⓪.⓪.①", "１２７.0.0.1", "ｅxample.com", "ex\u00adample.com", "example\u3002com", "example．com",
        "exam\u200bple.com", "ﬁlter.com", "Bücher.example.com", "ⓔxample.com", "a\u2044b.com", "℀.example.com",
        "xn--a.example.com", "xn--.example.com", "xn--example-.com", "xn--fiqs8s\u00ad.com", "xn--strae-oqa\u0301.de",
        "a\u0301.example.com", "example.com\u2024evil.com", "\u202eexample.com", "а\u200dа.com",
    ],
)  # fmt: skip
def test_attack_010_names_that_would_become_something_else_than_is_shown(host: str) -> None:
    assert refused(f"https://{host}/")


@pytest.mark.parametrize(
    ("host", "ascii_host"),
    [("faß.de", "xn--fa-hia.de"), ("βόλος.com", "xn--nxasmm1c.com"), ("نامه‌ای.com", "xn--mgba3gch31f060k.com")],
)
def test_attack_010_deviations_of_idna_are_kept_apart(host: str, ascii_host: str) -> None:
    assert check_url(f"https://{host}/").host == ascii_host


@pytest.mark.parametrize(
    "url",
    [
        "https://ok.example.com\\@evil.com/", "https://ok.example.com@evil.com/", "https://a:b@evil.com/",
        "https://ok.example.com%2f@evil.com/", "https://ok.example.com%2fevil.com/", "https://a@b@evil.com/",
        "https://@evil.com/", "https://ok.example.com\t/", "https://ok\t.example.com/", "https://ok.example.com/\r\nx:",
        "https://ok.example.com/\n", "\nhttps://ok.example.com/", " https://ok.example.com/",
        "https://ok.example.com/ x",
        "https://ok.example.com\\evil", "https://ok.example.com/\\evil", "https:\\\\ok.example.com/",
        "https://ok.example.com/\x00", "https://ok.example.com/%0", "https://ok.example.com/%zz",
        "https://ok.example.com/é", "https://ok.example.com/?q=é", "https://ok.example.com/[x]",
        "https://ok.example.com#@evil.com/", "https://ok.example.com/#x", "https://ok.example.com;evil.com/",
        "https://ok.example.com/\u2028", "https://ok.example.com\u2028/", "https://ok.example.com,evil.com/",
    ],
)  # fmt: skip
def test_attack_011_addresses_that_parsers_read_differently(url: str) -> None:
    assert refused(url)


_pieces = st.sampled_from(
    ["//", "/", "\\", "@", ":", ":443", ":8443", ".", "#", "?", "[", "]", "%2f", "%", "127.0.0.1", "::1",
     "xn--bcher-kva", "bücher", "ß", "①", "\u3002", "\u00ad", " ", "\t", "a", "&", "=", ";", ",", "A", "_", "-"]
)  # fmt: skip
_scraps = st.lists(_pieces, max_size=5).map("".join)
_hosts = st.sampled_from(
    [
        "a.example.com",
        "A.EXAMPLE.com",
        "bücher.example.com",
        "faß.de",
        "xn--bcher-kva.de",
        "例え.テスト.jp",
        "1.a.xn--p1ai",
    ]
)
_tails = st.text("/?;:@&=,.~!$'()*+-_aZ09", max_size=20) | _scraps
_urls = st.builds("https://{}a.example{}.com{}".format, _scraps, _scraps, _scraps | st.text(max_size=10)) | st.builds(
    "https://{}{}/{}".format, _hosts, st.sampled_from(["", ":443", ":8443", ":"]), _tails
)


@settings(max_examples=2000, deadline=None)
@given(_urls)
@example("https://bücher.example.com:8443/a;b?c=d/e?f")
def test_attack_012_every_parser_reads_the_same_host_and_port(url: str) -> None:
    try:
        checked = check_url(url, allowed_ports=(443, 8443))
    except InvalidWebhookUrl:
        return
    where = (checked.host, checked.port)
    for text in (url, checked.text):
        by_httpx = httpx2.URL(text)
        assert (by_httpx.raw_host.decode(), by_httpx.port or 443) == where
    by_urllib, by_httpcore = urlsplit(checked.text), httpcore2.URL(checked.text)
    assert (by_urllib.hostname, by_urllib.port or 443) == where
    assert (by_httpcore.host.decode(), by_httpcore.port or 443) == where
    assert check_url(checked.text, allowed_ports=(443, 8443)) == checked


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "ftp://hooks.example.com/", "file:///etc/passwd", "gopher://hooks.example.com/",
        "javascript:alert(1)", "data:text/html,x", "//hooks.example.com/", "hooks.example.com", "/in", "",
        "HTTP://hooks.example.com/", "HTTPS://hooks.example.com/", "hTTps://hooks.example.com/", "JavaScript:alert(1)",
        "https:hooks.example.com", "https:/hooks.example.com", "https:///hooks.example.com", "https://", "https:///",
        "https+x://hooks.example.com/", "view-source:https://hooks.example.com/", "wss://hooks.example.com/",
    ],
)  # fmt: skip
def test_attack_013_other_schemes(url: str) -> None:
    assert refused(url)


@pytest.mark.parametrize(
    "port",
    ["22", "25", "80", "6379", "8443", "0", "65536", "99999", "", "0443", "+443", "-1", "443x", "４４３", "4 43"],
)
def test_attack_014_other_ports(port: str) -> None:
    assert refused(f"https://hooks.example.com:{port}/")


def test_a_port_can_be_allowed() -> None:
    checked = check_url("https://hooks.example.com:8443/", allowed_ports=(8443,))
    assert (checked.port, checked.text) == (8443, "https://hooks.example.com:8443/")
    with pytest.raises(InvalidWebhookUrl, match="Port 443 is not allowed, only: 8443"):
        check_url("https://hooks.example.com/", allowed_ports=(8443,))


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "intranet", "com", "a.localhost", "localhost.localdomain", "metadata.google.internal",
        "api.default.svc.cluster.local", "printer.local", "expyuzz4wqqyqhjn.onion", "router.lan", "srv.corp",
        "nas.home.arpa", "1.0.0.127.in-addr.arpa", "hooks.example.com.", "hooks..example.com", ".example.com",
        "-a.example.com", "a-.example.com", "a_b.example.com", f"{'a' * 64}.example.com", "a." * 130 + "com",
        "reports.example.org", "REPORTS.example.org", "internal-tools.example.org", "a.internal-tools.example.org",
    ],
)  # fmt: skip
def test_attack_015_names_that_are_not_public_or_are_ours(host: str) -> None:
    assert refused(f"https://{host}/")


def test_a_neighbour_of_our_own_host_is_somebody_else() -> None:
    assert check_url("https://hooks.reports.example.org/", own_hosts=OWN_HOSTS).host == "hooks.reports.example.org"


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://x.example.com", "must start with https:// in small letters"),
        ("https://me:pass@x.example.com", "must not hold a user name"),
        ("https://[::1]/", "must name a host, not an IP address"),
        ("https://x.example.com/#top", "must not have a fragment"),
        ("https://x.example.com/a b", "not a valid address"),
        ("https://1.2.3.4/", "no IP address"),
        ("https://x.internal/", r"Names under \.internal are not part of the public DNS"),
        ("https://reports.example.org/", "reports.example.org is this service itself"),
        ("https://x.example.com:22/", "Port 22 is not allowed, only: 443"),
        ("https://Bücher.example.com/", "not spelt as IDNA 2008 demands"),
        (f"https://x.example.com/{'a' * MAX_LENGTH}", "at most 2048 characters"),
    ],
)
def test_a_refusal_says_what_to_change(url: str, message: str) -> None:
    with pytest.raises(InvalidWebhookUrl, match=message):
        check_url(url, own_hosts=OWN_HOSTS)


def test_attack_044_an_address_shows_its_host_only() -> None:
    assert (
        repr(check_url("https://hooks.example.com/T0/canary?token=canary"))
        == "CheckedUrl('https://hooks.example.com/…')"
    )
