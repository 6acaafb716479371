"""Where the host runs tasks at once, everything happens within the tick, however much there is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from celery import Celery
from django.core.files.storage import InMemoryStorage

from django_report_scheduling.choices import DeliveryStatus, ReportStatus, Trigger
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.tasks.tick import run_tick
from tests.celery_app import app
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sample_report")]

MANY = 150
"""Far more than an account may have under way at once, and than fit on the stack inside each other."""


@pytest.fixture(autouse=True)
def host() -> Iterator[None]:
    host = Celery("host", broker="memory://", set_as_current=False)
    host.conf.task_always_eager = True
    host.set_current()
    yield
    app.set_current()


def test_the_reports_of_one_account_are_made_one_after_the_other(report_storage: InMemoryStorage) -> None:
    schedule = ReportScheduleFactory(next_run_at=dt.datetime(2200, 1, 1, tzinfo=dt.UTC))
    for number in range(MANY):
        slot = NOW + dt.timedelta(minutes=number)
        GeneratedReportFactory(schedule=schedule, slot=slot, trigger=Trigger.MANUAL)

    run_tick(clock=database_now)

    assert set(GeneratedReport.objects.values_list("status", "error_code")) == {(ReportStatus.SUCCEEDED, "")}
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.SENT}
