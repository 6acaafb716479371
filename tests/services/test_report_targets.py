"""A channel of the host says to whom else a report goes, when it is done and again before anything is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from typing import Any, ClassVar

import pytest
from django.core.files.storage import InMemoryStorage
from pytest_django import Settings

from django_report_scheduling.choices import DeliveryState, DeliveryStatus, ErrorCode, ReportStatus, Trigger
from django_report_scheduling.delivery import FinishedReport
from django_report_scheduling.exceptions import DeliveryWithheld, ReceiverFailed, ValidationFailed
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.services.delivery_states import delivery_states
from django_report_scheduling.services.download_links import download_url
from django_report_scheduling.services.downloads import open_download
from django_report_scheduling.services.generation import generate_report
from django_report_scheduling.services.schedules import delete_schedule
from django_report_scheduling.testing import RecordingChannel
from tests.factories import NOW, GeneratedReportFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report", "report_storage")]

Clock = Callable[[], dt.datetime]


class Rooms(RecordingChannel):
    """Delivers to rooms that a test names."""

    named: ClassVar[Any] = ["lobby"]
    asked: ClassVar[list[FinishedReport]] = []

    def targets(self, report: FinishedReport) -> Collection[str]:
        self.asked.append(report)
        if isinstance(self.named, Exception):
            raise self.named
        return self.named  # type: ignore[no-any-return]

    def normalise_target(self, target: str) -> str:
        if target == "cellar":
            raise ValidationFailed({"target": ["There is no cellar."]})
        return target.lower()


@pytest.fixture(autouse=True)
def rooms(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    recording = {"BACKEND": "django_report_scheduling.testing.RecordingChannel"}
    rooms = {"BACKEND": f"{__name__}.Rooms"}
    settings.REPORT_SCHEDULING = {
        "BASE_URL": "https://reports.example.org",
        "CHANNELS": {"email": recording, "rooms": rooms},
    }
    Rooms.asked.clear()
    Rooms.requests.clear()
    yield
    Rooms.requests.clear()


def generated(clock: Clock, **fields: Any) -> GeneratedReport:
    report = GeneratedReportFactory(**{"queued": True, "schedule__recipients": [], **fields})
    generate_report(report_id=report.pk, attempt=report.attempt, clock=clock)
    report.refresh_from_db()
    return report


def targets(report: GeneratedReport) -> list[tuple[str, str]]:
    return sorted(report.deliveries.values_list("channel", "target"))


def send(delivery: Delivery, clock: Clock) -> Delivery:
    deliver(delivery_id=delivery.pk, attempt=delivery.attempt, clock=clock)
    delivery.refresh_from_db()
    return delivery


@pytest.mark.parametrize("trigger", [Trigger.SCHEDULE, Trigger.MANUAL, Trigger.BACKFILL])
def test_a_finished_report_goes_where_the_channel_says_beside_its_recipients(clock: Clock, trigger: Trigger) -> None:
    report = generated(clock, trigger=trigger, schedule__recipients=["a@customer.example"])

    assert targets(report) == [("email", "a@customer.example"), ("rooms", "lobby")]


def test_a_target_counts_for_whether_everyone_has_the_report(clock: Clock) -> None:
    report = generated(clock, schedule__recipients=["client@customer.example"])
    send(report.deliveries.get(channel="email"), clock)
    assert delivery_states([report.pk])[report.pk] == DeliveryState.PARTIAL

    send(report.deliveries.get(channel="rooms"), clock)
    assert delivery_states([report.pk])[report.pk] == DeliveryState.DELIVERED


def test_the_channel_is_told_plain_values_that_say_which_report_it_is(clock: Clock) -> None:
    report = generated(clock)

    (asked,) = Rooms.asked
    assert (asked.account.id, asked.account.slug) == (str(report.account_id), report.account.slug)
    assert (asked.schedule_id, asked.schedule_name) == (str(report.schedule_id), "Weekly summary")
    assert (asked.report_type, asked.trigger) == ("sample", Trigger.SCHEDULE)


def test_what_is_named_twice_or_in_two_spellings_is_one_target(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rooms, "named", ["Lobby", "lobby", "LOBBY"])

    assert targets(generated(clock)) == [("rooms", "lobby")]


def test_a_preview_is_its_requester_s_alone(clock: Clock) -> None:
    report = generated(clock, trigger=Trigger.PREVIEW, requested_by=UserFactory(email="ann@people.example"))

    assert targets(report) == [("email", "ann@people.example")]
    assert not Rooms.asked


@pytest.mark.parametrize("alias", ["email", "webhook"])
def test_channels_whose_targets_are_kept_in_rows_are_not_asked(clock: Clock, settings: Settings, alias: str) -> None:
    settings.REPORT_SCHEDULING = {"CHANNELS": {alias: {"BACKEND": f"{__name__}.Rooms"}}}

    assert targets(generated(clock)) == []
    assert not Rooms.asked


@pytest.mark.parametrize(
    ("named", "text"),
    [
        (RuntimeError("row of customer 4711"), "with RuntimeError. The log of the worker has the details."),
        ("lobby", "Rooms.targets() must return a collection of texts of 1 to 254 characters each."),
        ([7], "Rooms.targets() must return a collection of texts of 1 to 254 characters each."),
        (["x" * 255], "Rooms.targets() must return a collection of texts of 1 to 254 characters each."),
        ([""], "Rooms.targets() must return a collection of texts of 1 to 254 characters each."),
        (["cellar"], "There is no cellar."),
    ],
)
def test_where_the_channel_cannot_say_it_nobody_is_left_out_in_silence(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, report_storage: InMemoryStorage, named: Any, text: str
) -> None:
    monkeypatch.setattr(Rooms, "named", named)

    report = generated(clock, schedule__recipients=["a@customer.example"])

    assert (report.status, report.error_code) == (ReportStatus.PENDING, ErrorCode.CHANNEL_UNAVAILABLE)
    assert report.error_message.startswith("Asking the channel 'rooms' for its targets failed")
    assert report.error_message.endswith(text)
    assert targets(report) == []
    assert report_storage.listdir(f"reports/{report.account_id}/{report.pk}") == ([], [])


def test_asking_again_after_the_failure_makes_the_report(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rooms, "named", RuntimeError())
    report = generated(clock)
    monkeypatch.setattr(Rooms, "named", ["lobby"])
    GeneratedReport.objects.update(status=ReportStatus.QUEUED)

    generate_report(report_id=report.pk, attempt=report.attempt, clock=clock)

    assert targets(report) == [("rooms", "lobby")]


def _not_named(_report: GeneratedReport) -> None:
    Rooms.named = ["roof"]


def _schedule_deleted(report: GeneratedReport) -> None:
    delete_schedule(schedule_id=report.schedule_id, actor=None, now=NOW)


def _account_deactivated(report: GeneratedReport) -> None:
    report.account.active = False
    report.account.save()


@pytest.mark.parametrize("change", [_not_named, _schedule_deleted, _account_deactivated])
def test_attack_060_what_allowed_a_target_is_asked_again_when_sending_and_when_a_link_is_followed(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, change: Callable[[GeneratedReport], None]
) -> None:
    monkeypatch.setattr(Rooms, "named", ["lobby"])
    report = generated(clock)
    (delivery,), (file,) = report.deliveries.all(), report.files.all()
    token = download_url(delivery, file).rstrip("/").rpartition("/")[2]
    Delivery.objects.update(status=DeliveryStatus.UNKNOWN, wake_at=None)
    assert open_download(token=token, now=NOW)

    change(report)

    assert open_download(token=token, now=NOW) is None
    Delivery.objects.update(status=DeliveryStatus.PENDING, wake_at=NOW)
    assert send(delivery, clock).status == DeliveryStatus.SUPPRESSED
    assert not Rooms.requests


def test_a_target_that_vanishes_while_the_message_is_built_gets_none(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build_slowly(_channel: Rooms, request: Any) -> None:
        monkeypatch.setattr(Rooms, "named", [])
        with pytest.raises(DeliveryWithheld):
            request.confirm()
        raise DeliveryWithheld

    monkeypatch.setattr(Rooms, "deliver", build_slowly)

    assert send(generated(clock).deliveries.get(), clock).status == DeliveryStatus.SUPPRESSED


def test_what_a_channel_that_is_gone_has_sent_opens_no_more_and_its_deliveries_wait(
    clock: Clock, settings: Settings
) -> None:
    report = generated(clock)
    delivery, file = report.deliveries.get(), report.files.get()
    token = download_url(delivery, file).rstrip("/").rpartition("/")[2]
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "CHANNELS": {}}

    assert send(delivery, clock).status == DeliveryStatus.PENDING

    Delivery.objects.update(status=DeliveryStatus.UNKNOWN, wake_at=None)
    assert open_download(token=token, now=NOW) is None


@pytest.mark.parametrize(("asked", "wait"), [(None, 60), (5, 60), (120, 120), (86_400, 900)])
def test_attack_050_any_channel_may_be_asked_to_wait_longer_up_to_a_cap(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, asked: float | None, wait: int
) -> None:
    def busy(_channel: Rooms, _request: Any) -> None:
        raise ReceiverFailed("Busy.", retry_after=asked)

    monkeypatch.setattr(Rooms, "deliver", busy)

    assert send(generated(clock).deliveries.get(), clock).wake_at == NOW + dt.timedelta(seconds=wait)
