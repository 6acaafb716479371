from __future__ import annotations

import importlib.util

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command

from django_report_scheduling.contrib.web_analytics import reports as report_module
from django_report_scheduling.contrib.web_analytics.checks import check_libraries
from django_report_scheduling.contrib.web_analytics.models import Hit, Page, Site
from django_report_scheduling.models import Account
from django_report_scheduling.reports import registry
from tests.web_analytics.conftest import ImportLines
from tests.web_analytics.log_lines import combined


def test_the_three_report_types_are_registered() -> None:
    assert report_module
    for key in ("performance_summary", "traffic_analysis", "conversion_report"):
        assert registry.get(key).title


def test_the_app_is_labelled_web_analytics() -> None:
    assert apps.get_app_config("web_analytics").verbose_name == "Web analytics"


def test_a_missing_library_is_reported_with_its_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    found = check_libraries()

    assert [message.id for message in found] == ["web_analytics.E001"] * 2
    assert "django-report-scheduling[web-analytics]" in str(found[0].hint)


@pytest.mark.django_db
def test_nothing_is_missing_here() -> None:
    assert [message for message in run_checks() if str(message.id).startswith("web_analytics")] == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "web_analytics", check=True, dry_run=True, verbosity=0)


def test_traffic_goes_with_its_account(account: Account, import_lines: ImportLines) -> None:
    import_lines(combined(target="/?utm_source=a", referrer="https://a.example/"))
    account.delete()

    assert not Site.objects.exists()
    assert not Hit.objects.exists()
    assert not Page.objects.exists()
