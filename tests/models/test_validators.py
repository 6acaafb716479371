"""Validators of single fields."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from django_report_scheduling.models.validators import validate_domains, validate_locale, validate_timezone


@pytest.mark.parametrize("value", ["en", "de", "de-CH", "pt_BR", "zh-Hant-TW", "ar", "sr-Latn"])
def test_a_locale_that_babel_knows_is_accepted(value: str) -> None:
    validate_locale(value)


@pytest.mark.parametrize(
    "value", ["", "xx", "english", "de-", "../../etc/passwd", "en\n", "e\x00n", "de-CH-x-y", "x" * 20]
)
def test_any_other_locale_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(ValidationError, match="is not a known locale; use one like"):
        validate_locale(value)


@pytest.mark.parametrize("value", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])
def test_an_iana_zone_is_accepted(value: str) -> None:
    validate_timezone(value)


@pytest.mark.parametrize(
    "value", ["", "Berlin", "europe/berlin", "localtime", "+02:00", "../UTC", "/etc/localtime", "UTC\x00", "UTC\n"]
)
def test_any_other_zone_is_refused_with_an_example(value: str) -> None:
    with pytest.raises(ValidationError, match="is not an IANA time zone; use one like"):
        validate_timezone(value)


@pytest.mark.parametrize("value", [[], ["example.com"], ["a.example.co.uk", "b.example"], ["xn--mnchen-3ya.de"]])
def test_a_list_of_domains_is_accepted(value: list[str]) -> None:
    validate_domains(value)


@pytest.mark.parametrize(
    "value",
    [
        None, "example.com", {"example.com": 1}, 5, [5], [None], [["example.com"]], [""], ["com"], ["@example.com"],
        ["*.example.com"], ["example.com."], [".example.com"], ["exa mple.com"], ["example.com\n"], ["münchen.de"],
        ["Example.com"], ["http://example.com"], ["localhost"], ["a@example.com"], ["example.com", "x"],
    ],
)  # fmt: skip
def test_anything_else_is_no_list_of_domains(value: Any) -> None:
    with pytest.raises(ValidationError):
        validate_domains(value)
