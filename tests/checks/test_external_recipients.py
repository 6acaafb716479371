"""Asking people by mail needs links for them to answer by."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from django_report_scheduling.checks.external_recipients import check_external_recipients
from django_report_scheduling.checks.values import check_values

CONFIRM = {"EXTERNAL_RECIPIENTS": "confirm", "BASE_URL": "https://reports.example.org"}


def test_a_complete_set_up_is_fine(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = CONFIRM
    assert check_external_recipients() == []


@pytest.mark.parametrize("value", [{}, {"EXTERNAL_RECIPIENTS": "refuse"}, {"EXTERNAL_RECIPIENTS": 7}])
def test_who_asks_nobody_needs_nothing(value: dict[str, object], settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**value, "BASE_URL": ""}
    assert check_external_recipients() == []


@pytest.mark.parametrize("missing", ["BASE_URL", "pages"])
def test_what_is_missing_is_named_with_its_fix(missing: str, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**CONFIRM, **({"BASE_URL": ""} if missing == "BASE_URL" else {})}
    if missing == "pages":
        settings.ROOT_URLCONF = "tests.api.downloads.nested_urls"

    (error,) = check_external_recipients()

    assert error.id == "report_scheduling.E015"
    assert ("BASE_URL" in str(error.hint)) == (missing == "BASE_URL")
    assert ("pages.urls" in str(error.hint)) == (missing == "pages")


@pytest.mark.parametrize("value", ["Confirm", "", None, True])
def test_another_value_is_refused(value: object, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"EXTERNAL_RECIPIENTS": value}

    (error,) = check_values()
    assert "EXTERNAL_RECIPIENTS" in error.msg
    assert '"refuse" or "confirm"' in f"{error.msg} {error.hint}"
