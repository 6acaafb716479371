"""One typed class of settings, read live, with a default for everything."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from django_report_scheduling.conf import DEFAULT_CHANNELS, DEFAULT_RENDERERS, KNOWN_SETTINGS, conf

DEFAULTS: dict[str, Any] = {
    "MAX_SCHEDULES_PER_ACCOUNT": 10,
    "TICK_SCHEDULE": 30,
    "RETRY_DELAYS": (60, 300, 900),
    "MAX_CONSECUTIVE_FAILURES": 3,
    "SOFT_TIME_LIMIT": 300,
    "TIME_LIMIT": 360,
    "LEASE": 120,
    "LEASE_RENEWAL": 30,
    "MAX_RESCUES": 3,
    "MESSAGE_TIMEOUT": 600,
    "TICK_BATCH_SIZE": 1000,
    "MAX_QUEUED": 10_000,
    "MAX_CONCURRENT_PER_ACCOUNT": 10,
    "MAX_DELIVERIES_PER_ACCOUNT": 1000,
    "MAX_CATCH_UP": 10,
    "RETENTION": dt.timedelta(days=90),
    "DOWNLOAD_URL_EXPIRY": dt.timedelta(hours=1),
    "STORAGE": "default",
    "EMAIL_ATTACHMENT_LIMIT": 10_000_000,
    "DELIVERY_RETRY_DELAYS": (60, 300, 900),
    "WEBHOOK_TIMEOUT": 30,
    "WEBHOOK_RETRY_DELAYS": (1, 10, 60),
    "WEBHOOK_MAX_CONSECUTIVE_FAILURES": 10,
    "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": 1,
    "WEBHOOK_MAX_PER_ACCOUNT": 10,
    "MAX_CALENDAR_FEEDS_PER_USER": 20,
    "BASE_URL": "",
    "RENDERERS": DEFAULT_RENDERERS,
    "CHANNELS": DEFAULT_CHANNELS,
    "RECIPIENT_POLICY": "django_report_scheduling.access.recipients.default_recipient_policy",
    "EXTERNAL_RECIPIENTS": "refuse",
    "SECRET_KEYS": (),
    "QUEUES": {},
}


@pytest.mark.parametrize("name", sorted(KNOWN_SETTINGS))
def test_every_key_has_the_documented_default(name: str, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {}

    assert getattr(conf, name) == DEFAULTS[name]


@pytest.mark.parametrize("name", sorted(KNOWN_SETTINGS))
def test_every_key_can_be_set(name: str, settings: Settings) -> None:
    value = object()
    settings.REPORT_SCHEDULING = {name: value}

    assert getattr(conf, name) is value


def test_a_value_is_read_at_each_access(settings: Settings) -> None:
    for limit in (3, 4):
        settings.REPORT_SCHEDULING = {"MAX_SCHEDULES_PER_ACCOUNT": limit}
        assert limit == conf.MAX_SCHEDULES_PER_ACCOUNT


def test_a_dict_that_is_changed_in_place_is_seen(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {}
    settings.REPORT_SCHEDULING["LEASE"] = 7

    assert conf.LEASE == 7


def test_a_setting_of_none_means_all_defaults(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = None

    assert conf.LEASE == 120


def test_a_missing_setting_means_all_defaults(settings: Settings) -> None:
    del settings.REPORT_SCHEDULING

    assert not hasattr(django_settings, "REPORT_SCHEDULING")
    assert conf.LEASE == 120


def test_an_unknown_key_is_no_attribute(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {}

    with pytest.raises(AttributeError, match="LEESE"):
        _ = conf.LEESE  # type: ignore[attr-defined]


def test_the_reference_page_tells_of_every_key_with_its_default() -> None:
    page = Path(__file__).resolve().parents[2] / "docs/reference/settings.md"
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \| ([^|]+) \| [^|]+ \|$", page.read_text("utf-8"), re.MULTILINE)

    assert {name: default.strip().strip("`") for name, default in rows} == {
        name: _documented(value) for name, value in DEFAULTS.items()
    }


def _documented(value: Any) -> str:
    if isinstance(value, dt.timedelta):
        return f"timedelta(days={value.days})" if value.days else f"timedelta(hours={value.seconds // 3600})"
    if value is DEFAULT_RENDERERS or value is DEFAULT_CHANNELS:
        return "see below"
    return f'"{value}"' if isinstance(value, str) else repr(value)
