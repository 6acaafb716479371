"""The address of the site, for links in mails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  # Django's name for it

from django_report_scheduling.checks.configured import named, shown
from django_report_scheduling.checks.value_rules import is_sound
from django_report_scheduling.conf import conf

EXAMPLE = "https://reports.example.com"


def check_base_url(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E009: the address is not of the form scheme and host."""
    if not is_sound("BASE_URL") or not conf.BASE_URL or not (problem := _problem(conf.BASE_URL)):
        return []
    return [
        Error(
            f"{named('BASE_URL')} is {shown(conf.BASE_URL)}, but {problem}.",
            hint=f'Write scheme and host only: {named("BASE_URL")} = "{_corrected(conf.BASE_URL)}".',
            id="report_scheduling.E009",
        )
    ]


def check_base_url_given(**_kwargs: Any) -> Sequence[CheckMessage]:
    """W003: without the address, mails carry no links."""
    if conf_is_set():
        return []
    return [
        Warning(
            f"{named('BASE_URL')} is not set, so mails carry no links: files too large to attach cannot be reached.",
            hint=f'Set {named("BASE_URL")} = "{EXAMPLE}" to the address of this site.',
            id="report_scheduling.W003",
        )
    ]


def conf_is_set() -> bool:
    """Whether anything is given; what is given wrongly is reported by :func:`check_base_url`."""
    return not is_sound("BASE_URL") or bool(conf.BASE_URL)


def _problem(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "that is not a URL"
    problems = {
        "it must start with https:// or http://": parts.scheme not in {"http", "https"},
        "it names no host": not host,
        "it holds a user name or password": "@" in parts.netloc,
        "port 0 cannot be reached": port == 0,
        "a path, query or fragment does not belong here": bool(parts.path or parts.query or parts.fragment),
    }
    return next((problem for problem, present in problems.items() if present), "")


def _corrected(url: str) -> str:
    with_scheme = url if "://" in url else f"https://{url}"
    try:
        host = urlsplit(with_scheme).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    scheme = "http" if with_scheme.startswith("http://") else "https"
    return f"{scheme}://{host}" if host else EXAMPLE
