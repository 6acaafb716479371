from __future__ import annotations

import pytest
from pytest_django import Settings

from django_report_scheduling.contrib.web_analytics.hashing import content_hash, keyed_hash


def test_a_keyed_hash_fits_a_signed_column_of_64_bits() -> None:
    assert -(2**63) <= keyed_hash("visitor")(b"192.0.2.1") < 2**63


def test_a_keyed_hash_is_the_same_each_time() -> None:
    assert keyed_hash("visitor")(b"192.0.2.1") == keyed_hash("visitor")(b"192.0.2.1")


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert keyed_hash("visitor:1")(b"192.0.2.1") != keyed_hash("visitor:2")(b"192.0.2.1")


@pytest.mark.parametrize("name", ["SECRET_KEY", "WEB_ANALYTICS_HASH_KEY"])
def test_another_secret_gives_other_hashes(settings: Settings, name: str) -> None:
    before = keyed_hash("visitor")(b"192.0.2.1")
    setattr(settings, name, "another")

    assert keyed_hash("visitor")(b"192.0.2.1") != before


def test_a_hash_key_of_its_own_survives_a_new_secret_key(settings: Settings) -> None:
    settings.WEB_ANALYTICS_HASH_KEY = "kept"
    before = keyed_hash("visitor")(b"192.0.2.1")
    settings.SECRET_KEY = "renewed"

    assert keyed_hash("visitor")(b"192.0.2.1") == before


def test_content_is_hashed_without_a_key(settings: Settings) -> None:
    before = content_hash("page", "1", "/")
    settings.SECRET_KEY = "renewed"

    assert content_hash("page", "1", "/") == before
    assert content_hash("page", "1/") != before
