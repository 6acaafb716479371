"""The host's own account model."""

from __future__ import annotations

from typing import ClassVar

import pytest
from django.test.utils import isolate_apps

from django_report_scheduling.checks import account_model
from django_report_scheduling.checks.account_model import check_account_model
from django_report_scheduling.models import AbstractAccount


def test_the_default_model_is_fine():
    assert check_account_model() == []


@pytest.mark.parametrize("name", ["crm.Customer", "Customer"])
def test_a_model_that_does_not_exist_is_named(settings, name: str):
    settings.REPORT_SCHEDULING_ACCOUNT_MODEL = name
    (message,) = check_account_model()
    assert message.id == "report_scheduling.E010"
    assert repr(name) in message.msg


def test_a_model_that_is_no_account_is_refused(settings):
    settings.REPORT_SCHEDULING_ACCOUNT_MODEL = "auth.Group"
    (message,) = check_account_model()
    assert message.id == "report_scheduling.E011"
    assert "auth.Group" in message.msg
    assert "AbstractAccount" in message.hint


@isolate_apps("tests")
def test_a_model_whose_meta_lost_the_permissions_is_refused(monkeypatch):
    class Customer(AbstractAccount):
        class Meta:
            app_label = "tests"

    monkeypatch.setattr(account_model, "get_account_model", lambda: Customer)
    (message,) = check_account_model()
    assert message.id == "report_scheduling.E012"
    assert "manage_reports and view_reports" in message.msg
    assert "class Meta(AbstractAccount.Meta)" in message.hint


@isolate_apps("tests")
def test_a_model_may_add_permissions_of_its_own(monkeypatch):
    class Customer(AbstractAccount):
        class Meta(AbstractAccount.Meta):
            app_label = "tests"
            permissions: ClassVar = [*AbstractAccount.Meta.permissions, ("call", "Can call")]

    monkeypatch.setattr(account_model, "get_account_model", lambda: Customer)
    assert check_account_model() == []
