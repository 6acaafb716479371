"""What rows do by themselves."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.exceptions import InvalidRecurrence
from django_report_scheduling.models import AuditEvent, ReportSchedule
from django_report_scheduling.models.identifiers import new_id
from tests.factories import (
    NOW,
    AccountFactory,
    DeliveryFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    UserFactory,
)

OURS = list(apps.get_app_config("report_scheduling").get_models())
FIELDS = [
    pytest.param(field, id=f"{model.__name__}.{field.name}")
    for model in OURS
    if not model.__name__.endswith("Permission")
    for field in model._meta.concrete_fields
    if isinstance(field, models.Field)
]


def new_schedule(**changes: Any) -> ReportSchedule:
    values: dict[str, Any] = {
        "account": AccountFactory(), "name": "Daily", "report_type": "sample", "frequency": "daily",
        "time_of_day": dt.time(8), "timezone": "Europe/Berlin", "starts_at": NOW - dt.timedelta(days=30),
    }  # fmt: skip
    return ReportSchedule(**{**values, **changes})


def test_identifiers_are_uuids_of_version_7_in_the_order_of_their_making() -> None:
    ids = [new_id() for _ in range(1000)]

    assert ids == sorted(ids)
    assert len(set(ids)) == 1000
    assert {(type(value), value.version) for value in ids} == {(uuid.UUID, 7)}


def test_an_identifier_begins_with_the_time_in_milliseconds() -> None:
    before = dt.datetime.now(dt.UTC)
    milliseconds = new_id().int >> 80
    after = dt.datetime.now(dt.UTC)

    assert int(before.timestamp() * 1000) <= milliseconds <= int(after.timestamp() * 1000)


@pytest.mark.django_db
def test_rows_sort_in_the_order_of_their_making_in_the_database() -> None:
    made = [AccountFactory().pk for _ in range(20)]

    assert list(get_account_model()._default_manager.order_by("pk").values_list("pk", flat=True)) == made


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_says_what_it_is_for(field: models.Field[Any, Any]) -> None:
    assert str(field.help_text).strip()


@pytest.mark.parametrize("model", OURS)
def test_the_label_of_our_models_is_fixed(model: type[models.Model]) -> None:
    assert model._meta.app_label == "report_scheduling"


@pytest.mark.django_db
class TestScheduleSave:
    """A row made outside the services is never one that silently does not run."""

    def test_a_new_active_schedule_is_planned(self) -> None:
        row = new_schedule()
        with time_machine.travel(NOW, tick=False):
            row.save()

        row.refresh_from_db()
        assert (row.state, row.next_run_at) == (ScheduleState.ACTIVE, NOW + dt.timedelta(days=1))

    def test_a_new_schedule_without_a_slot_has_ended(self) -> None:
        row = new_schedule(ends_at=NOW - dt.timedelta(days=1))
        with time_machine.travel(NOW, tick=False):
            row.save()

        row.refresh_from_db()
        assert (row.state, row.next_run_at) == (ScheduleState.ENDED, None)

    def test_a_next_run_that_is_given_is_kept(self) -> None:
        row = new_schedule(next_run_at=NOW)
        row.save()

        assert row.next_run_at == NOW

    def test_a_new_paused_schedule_is_not_planned(self) -> None:
        row = new_schedule(state=ScheduleState.PAUSED)
        row.save()

        assert row.next_run_at is None

    def test_a_new_schedule_with_a_bad_rule_is_refused(self) -> None:
        with pytest.raises(InvalidRecurrence):
            new_schedule(timezone="Nowhere").save()

        assert not ReportSchedule.objects.exists()

    def test_saving_again_plans_nothing(self) -> None:
        row = ReportScheduleFactory()
        row.name = "Other"
        row.save()

        row.refresh_from_db()
        assert row.next_run_at == NOW

    def test_formats_default_to_pdf_and_are_not_shared(self) -> None:
        first, second = new_schedule(), new_schedule()
        first.formats.append("csv")

        assert second.formats == ["pdf"]


@pytest.mark.django_db
class TestAuditEvent:
    """The record is added to, and never changed."""

    @staticmethod
    def event() -> AuditEvent:
        return AuditEvent.objects.create(at=NOW, verb="schedule.paused", object_type="reportschedule", object_id="1")

    def test_an_event_that_exists_is_not_saved_again(self) -> None:
        event = self.event()
        event.verb = "schedule.resumed"

        with pytest.raises(TypeError, match="append-only"):
            event.save()
        assert AuditEvent.objects.get().verb == "schedule.paused"

    def test_an_event_that_was_read_is_not_saved_again(self) -> None:
        self.event()

        with pytest.raises(TypeError, match="append-only"):
            AuditEvent.objects.get().save(update_fields=["verb"])

    def test_an_event_outlives_its_actor(self) -> None:
        actor = UserFactory()
        AuditEvent.objects.create(at=NOW, actor=actor, verb="x", object_type="x", object_id="1")

        get_user_model().objects.all().delete()

        assert AuditEvent.objects.get().actor is None

    def test_an_event_outlives_the_schedule_it_is_about(self) -> None:
        row = ReportScheduleFactory()
        AuditEvent.objects.create(at=NOW, verb="x", object_type="x", object_id=str(row.pk), schedule_id=row.pk)

        row.delete()

        assert AuditEvent.objects.count() == 1

    def test_it_reads_as_a_line_of_a_log(self) -> None:
        assert str(self.event()) == "2026-03-02 07:00:00 schedule.paused"


@pytest.mark.django_db
def test_the_period_of_a_report_is_read_on_the_clocks_of_its_schedule() -> None:
    period = GeneratedReportFactory().period

    assert (period.first_day, period.last_day) == (dt.date(2026, 2, 23), dt.date(2026, 3, 1))
    assert period.whole_days


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("factory", "text"),
    [
        (AccountFactory, "Account"),
        (ReportScheduleFactory, "Weekly summary"),
        (GeneratedReportFactory, "sample 2026-03-02 07:00 UTC"),
        (DeliveryFactory, "report.succeeded (email)"),
    ],
)
def test_rows_have_a_readable_name_without_addresses(factory: Any, text: str) -> None:
    assert str(factory()).startswith(text)
    assert "@" not in str(factory())
