"""Which model the account is, and what to tell when the setting is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from django_report_scheduling.accounts import get_account_model, get_account_model_string
from django_report_scheduling.models import Account


def test_a_missing_setting_is_registered_with_the_default(settings: Settings) -> None:
    if hasattr(settings, "REPORT_SCHEDULING_ACCOUNT_MODEL"):
        del settings.REPORT_SCHEDULING_ACCOUNT_MODEL

    assert get_account_model_string() == "report_scheduling.Account"
    assert django_settings.REPORT_SCHEDULING_ACCOUNT_MODEL == "report_scheduling.Account"


def test_the_default_account_is_ours() -> None:
    assert get_account_model() is Account


def test_the_setting_decides(settings: Settings) -> None:
    settings.REPORT_SCHEDULING_ACCOUNT_MODEL = "auth.Group"

    assert get_account_model().__name__ == "Group"


@pytest.mark.parametrize("value", ["Account", "", "a.b.c", None, 7])
def test_a_malformed_setting_is_quoted_with_the_form_it_must_have(value: Any, settings: Settings) -> None:
    settings.REPORT_SCHEDULING_ACCOUNT_MODEL = value

    with pytest.raises(ImproperlyConfigured, match=r"must be of the form 'app_label\.ModelName', got"):
        get_account_model()


@pytest.mark.parametrize("value", ["nowhere.Account", "report_scheduling.Customer"])
def test_a_model_that_is_not_installed_is_named_with_the_fix(value: str, settings: Settings) -> None:
    settings.REPORT_SCHEDULING_ACCOUNT_MODEL = value

    with pytest.raises(ImproperlyConfigured, match=f"'{value}', which is not installed. Add its app to INSTALLED_APPS"):
        get_account_model()
