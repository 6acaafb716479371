"""Lines of access logs for tests, one argument per field."""

from __future__ import annotations

import datetime as dt

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
NOON = dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC)


def combined(
    at: dt.datetime = NOON,
    target: str = "/",
    *,
    client: str = "192.0.2.1",
    method: str = "GET",
    status: int = 200,
    size: int | str = 100,
    referrer: str = "-",
    agent: str = FIREFOX,
) -> str:
    """Return a line in Combined Log Format."""
    head = common(at, target, client=client, method=method, status=status, size=size)
    return f'{head} "{referrer}" "{agent}"'


def common(
    at: dt.datetime = NOON,
    target: str = "/",
    *,
    client: str = "192.0.2.1",
    method: str = "GET",
    status: int = 200,
    size: int | str = 100,
) -> str:
    """Return a line in Common Log Format."""
    return f'{client} - - [{at:%d/%b/%Y:%H:%M:%S %z}] "{method} {target} HTTP/1.1" {status} {size}'
