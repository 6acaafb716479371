"""The lease of a report is renewed while its worker works."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import DatabaseError
from pytest_django import Settings

from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services import lease
from tests.factories import NOW, GeneratedReportFactory


@pytest.mark.django_db(transaction=True)
def test_the_lease_moves_while_the_work_goes_on(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"LEASE_RENEWAL": 0.01}
    report = GeneratedReportFactory(running=True)
    renewed = threading.Event()

    def clock() -> dt.datetime:
        if GeneratedReport.objects.get().wake_at == NOW + dt.timedelta(seconds=150):
            renewed.set()
        return NOW + dt.timedelta(seconds=30)

    with lease.LeaseKeeper(report, clock=clock):
        assert renewed.wait(timeout=120)


@pytest.mark.django_db(transaction=True)
def test_the_renewal_ends_by_itself_once_the_report_is_lost(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"LEASE_RENEWAL": 0.01}
    report = GeneratedReportFactory(running=True)
    GeneratedReport.objects.update(attempt=9)

    with lease.LeaseKeeper(report, clock=lambda: NOW) as keeper:
        keeper._thread.join(timeout=120)
        assert not keeper._thread.is_alive()


def test_a_database_that_is_away_for_a_moment_does_not_end_the_renewal(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPORT_SCHEDULING = {"LEASE_RENEWAL": 0.01}
    asked = []
    again = threading.Event()

    def renew(*_args: object, **_kwargs: object) -> bool:
        asked.append(1)
        if len(asked) == 1:
            raise DatabaseError
        again.set()
        return True

    monkeypatch.setattr(lease, "renew_lease", renew)
    with lease.LeaseKeeper(GeneratedReportFactory.build(running=True), clock=lambda: NOW):
        assert again.wait(timeout=120)
