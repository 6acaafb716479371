"""One delivery: checked once more, sent once, and honest about how it ended."""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.db import OperationalError
from pytest_django import Settings

from django_report_scheduling.access import roles
from django_report_scheduling.choices import DeliveryStatus, ErrorCode, Event, ReportStatus, Role, Trigger
from django_report_scheduling.delivery import DeliveryRequest
from django_report_scheduling.exceptions import DeliveryError, OutcomeUnknown
from django_report_scheduling.models import Delivery, ReportFile, ReportSchedule
from django_report_scheduling.services import delivering
from django_report_scheduling.services.delivering import deliver
from django_report_scheduling.testing import RecordingChannel
from tests.factories import NOW, DeliveryFactory, GeneratedReportFactory, UserFactory
from tests.recording_channel import RaisingChannel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

Clock = Callable[[], dt.datetime]


@pytest.fixture(autouse=True)
def channels(settings: Settings) -> Iterator[None]:
    settings.REPORT_SCHEDULING = {
        "BASE_URL": "https://reports.example.org",
        "CHANNELS": {
            "email": {"BACKEND": "django_report_scheduling.testing.RecordingChannel"},
            "raising": {"BACKEND": "tests.recording_channel.RaisingChannel"},
        },
    }
    RecordingChannel.requests.clear()
    yield
    RaisingChannel.error = RuntimeError("secret text")


def send(delivery: Delivery, clock: Clock) -> DeliveryStatus | None:
    status = deliver(delivery_id=delivery.pk, attempt=delivery.attempt, clock=clock)
    delivery.refresh_from_db()
    return status


def test_a_delivery_is_sent_and_says_when(clock: Clock) -> None:
    delivery = DeliveryFactory()

    assert send(delivery, clock) == DeliveryStatus.SENT
    assert (delivery.status, delivery.sent_at, delivery.wake_at, delivery.attempt) == ("sent", NOW, None, 1)
    assert [request.target for request in RecordingChannel.requests] == ["client@customer.example"]


def test_a_second_message_for_the_same_delivery_sends_nothing(clock: Clock) -> None:
    delivery = DeliveryFactory()
    deliver(delivery_id=delivery.pk, attempt=0, clock=clock)

    assert deliver(delivery_id=delivery.pk, attempt=0, clock=clock) is None
    assert len(RecordingChannel.requests) == 1


def test_the_channel_sees_the_files_in_the_order_of_the_formats(clock: Clock, report_storage: InMemoryStorage) -> None:
    report = GeneratedReportFactory(succeeded=True, formats=["pdf", "csv"])
    for name in ("csv", "pdf"):
        key = report_storage.save(f"reports/{name}", ContentFile(name.encode()))
        ReportFile.objects.create(
            report=report, format=name, key=key, name=f"r.{name}", content_type="x/y", size=3, sha256="0" * 64
        )

    send(DeliveryFactory(report=report), clock)

    files = RecordingChannel.requests[0].files
    assert [file.name for file in files] == ["r.pdf", "r.csv"]
    with files[0].open() as content:
        assert content.read() == b"pdf"
    assert files[0].url.startswith("https://reports.example.org/reports/download/")


def _off_the_list(delivery: Delivery) -> None:
    ReportSchedule.objects.update(recipients=[])


def _domain_withdrawn(delivery: Delivery) -> None:
    account = delivery.report.account
    account.allowed_recipient_domains = []
    account.save()


def _account_closed(delivery: Delivery) -> None:
    account = delivery.report.account
    account.active = False
    account.save()


def _schedule_deleted(delivery: Delivery) -> None:
    ReportSchedule.objects.all().delete()


@pytest.mark.parametrize("change", [_off_the_list, _domain_withdrawn, _account_closed, _schedule_deleted])
def test_attack_060_what_allowed_a_recipient_is_asked_again_when_sending(
    clock: Clock, change: Callable[[Delivery], None]
) -> None:
    delivery = DeliveryFactory()
    change(delivery)

    assert send(delivery, clock) == DeliveryStatus.SUPPRESSED
    assert delivery.error_code == ErrorCode.RECIPIENT_REFUSED
    assert delivery.error_message
    assert not RecordingChannel.requests


def test_attack_093_a_role_taken_away_stops_the_mail(clock: Clock) -> None:
    user = UserFactory(email="person@elsewhere.example")
    delivery = DeliveryFactory(target=user.email, report__schedule__recipients=[user.email])
    roles.grant(account=delivery.report.account, holder=user, role=Role.CLIENT)
    roles.revoke(account=delivery.report.account, holder=user)

    assert send(delivery, clock) == DeliveryStatus.SUPPRESSED


@pytest.mark.parametrize(("active", "status"), [(True, DeliveryStatus.SENT), (False, DeliveryStatus.SUPPRESSED)])
def test_a_preview_goes_to_its_requester_while_that_person_is_active(
    clock: Clock, active: bool, status: DeliveryStatus
) -> None:
    requester = UserFactory(is_active=active)
    report = GeneratedReportFactory(succeeded=True, trigger=Trigger.PREVIEW, requested_by=requester)
    roles.grant(account=report.account, holder=requester, role=Role.CLIENT)

    assert send(DeliveryFactory(report=report, target=requester.email), clock) == status


@pytest.fixture
def notice() -> Delivery:
    """The notice of a stopped schedule, to its owner."""
    owner = UserFactory()
    report = GeneratedReportFactory(
        schedule__created_by=owner,
        schedule__state="errored",
        schedule__state_reason="3 reports failed in a row, the last one with query_failed.",
        status=ReportStatus.FAILED,
        wake_at=None,
        error_code=ErrorCode.QUERY_FAILED,
        error_message="The query failed",
    )
    roles.grant(account=report.account, holder=owner, role=Role.ACCOUNT_MANAGER)
    return DeliveryFactory(report=report, event=Event.SCHEDULE_ERRORED, target=owner.email)


def test_the_notice_of_a_stopped_schedule_says_why_and_carries_no_file(clock: Clock, notice: Delivery) -> None:
    assert send(notice, clock) == DeliveryStatus.SENT

    (request,) = RecordingChannel.requests
    assert (request.files, request.schedule_name) == ((), "Weekly summary")
    assert request.reason == "Query failed: The query failed"


def test_the_notice_says_why_also_when_its_report_was_opened_again(clock: Clock, notice: Delivery) -> None:
    type(notice.report).objects.update(status="pending", wake_at=NOW, error_code="", error_message="")

    assert send(notice, clock) == DeliveryStatus.SENT
    assert RecordingChannel.requests[0].reason == "3 reports failed in a row, the last one with query_failed."


def test_the_notice_is_not_sent_when_the_schedule_goes_on(clock: Clock, notice: Delivery) -> None:
    ReportSchedule.objects.update(state="active")

    assert send(notice, clock) == DeliveryStatus.SUPPRESSED


def test_the_notice_is_not_sent_to_somebody_who_has_left(clock: Clock, notice: Delivery) -> None:
    notice.report.schedule.created_by.is_active = False
    notice.report.schedule.created_by.save()

    assert send(notice, clock) == DeliveryStatus.SUPPRESSED


def test_the_notice_is_not_sent_to_an_owner_who_lost_the_account(clock: Clock, notice: Delivery) -> None:
    roles.revoke(account=notice.report.account, holder=notice.report.schedule.created_by)

    assert send(notice, clock) == DeliveryStatus.SUPPRESSED


@pytest.fixture
def pause() -> Delivery:
    """The notice, to a manager of the account, that a schedule lost its owner."""
    manager = UserFactory()
    report = GeneratedReportFactory(
        schedule__state="paused", schedule__state_reason="owner_deleted", status=ReportStatus.SKIPPED, wake_at=None
    )
    roles.grant(account=report.account, holder=manager, role=Role.ACCOUNT_MANAGER)
    return DeliveryFactory(report=report, event=Event.SCHEDULE_PAUSED, target=manager.email)


def test_the_notice_of_a_pause_says_why_in_words_and_which_report_was_not_made(clock: Clock, pause: Delivery) -> None:
    assert send(pause, clock) == DeliveryStatus.SENT

    (request,) = RecordingChannel.requests
    assert request.reason == "The person who owned the schedule has been deleted."
    assert (request.period, request.files) == (pause.report.period, ())


def test_the_notice_of_a_pause_names_no_period_that_has_its_report(clock: Clock, pause: Delivery) -> None:
    pause.report.status = ReportStatus.SUCCEEDED
    pause.report.save()

    send(pause, clock)

    assert RecordingChannel.requests[0].period is None


def _resumed(pause: Delivery) -> None:
    ReportSchedule.objects.update(state="active")


def _no_longer_manager(pause: Delivery) -> None:
    roles.revoke(account=pause.report.account, holder=type(UserFactory()).objects.get(email=pause.target))


@pytest.mark.parametrize("change", [_resumed, _no_longer_manager, _schedule_deleted])
def test_the_notice_of_a_pause_is_withheld_when_it_is_no_longer_true_or_theirs(
    clock: Clock, pause: Delivery, change: Callable[[Delivery], None]
) -> None:
    change(pause)

    assert send(pause, clock) == DeliveryStatus.SUPPRESSED
    assert not RecordingChannel.requests


def test_an_administrator_is_told_of_a_pause_even_when_a_manager_came_meanwhile(clock: Clock, pause: Delivery) -> None:
    boss = UserFactory(is_superuser=True)
    notice = DeliveryFactory(report=pause.report, event=Event.SCHEDULE_PAUSED, target=boss.email)

    assert send(notice, clock) == DeliveryStatus.SENT


class ConfirmingChannel(RecordingChannel):
    """Takes its time before it asks the last question, as reading files from a slow storage does."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def deliver(self, request: DeliveryRequest) -> None:
        type(self).meanwhile()
        request.confirm()
        super().deliver(request)


@pytest.fixture
def confirming(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    settings.REPORT_SCHEDULING = {"CHANNELS": {"email": {"BACKEND": f"{__name__}.ConfirmingChannel"}}}
    return monkeypatch


@pytest.mark.parametrize("change", [_off_the_list, _account_closed, _schedule_deleted])
def test_attack_060_a_channel_asks_again_right_before_it_sends(
    clock: Clock, confirming: pytest.MonkeyPatch, change: Callable[[Delivery], None]
) -> None:
    delivery = DeliveryFactory()
    confirming.setattr(ConfirmingChannel, "meanwhile", lambda: change(delivery))

    assert send(delivery, clock) == DeliveryStatus.SUPPRESSED
    assert not RecordingChannel.requests


def test_a_worker_that_was_thought_lost_before_it_sent_sends_nothing(
    clock: Clock, confirming: pytest.MonkeyPatch
) -> None:
    delivery = DeliveryFactory()
    given_up = {"status": DeliveryStatus.UNKNOWN, "wake_at": None}
    confirming.setattr(ConfirmingChannel, "meanwhile", lambda: Delivery.objects.update(**given_up))

    assert send(delivery, clock) is None
    assert delivery.status == DeliveryStatus.UNKNOWN
    assert not RecordingChannel.requests


def test_a_delivery_whose_account_is_deleted_while_it_is_sent_leaves_nothing(
    clock: Clock, confirming: pytest.MonkeyPatch
) -> None:
    delivery = DeliveryFactory()
    confirming.setattr(ConfirmingChannel, "meanwhile", delivery.report.account.delete)

    assert deliver(delivery_id=delivery.pk, attempt=0, clock=clock) is None
    assert not RecordingChannel.requests
    assert not Delivery.objects.exists()


def test_attack_093_a_preview_does_not_reach_somebody_who_lost_the_account(clock: Clock) -> None:
    requester = UserFactory()
    report = GeneratedReportFactory(succeeded=True, trigger=Trigger.PREVIEW, requested_by=requester)

    assert send(DeliveryFactory(report=report, target=requester.email), clock) == DeliveryStatus.SUPPRESSED


@pytest.mark.parametrize("wrapped", [False, True])
def test_sending_that_is_stopped_by_the_time_limit_ends_as_unknown(clock: Clock, wrapped: bool) -> None:
    RaisingChannel.error = SoftTimeLimitExceeded()
    if wrapped:
        RaisingChannel.error = DeliveryError("The server is busy.")
        RaisingChannel.error.__cause__ = SoftTimeLimitExceeded()

    assert send(DeliveryFactory(channel="raising"), clock) == DeliveryStatus.UNKNOWN


def test_a_message_that_was_handed_over_without_an_answer_ends_as_unknown(clock: Clock) -> None:
    RaisingChannel.error = OutcomeUnknown("No answer.")

    assert send(DeliveryFactory(channel="raising"), clock) == DeliveryStatus.UNKNOWN
    assert Delivery.objects.get().error_message == "No answer."


def test_a_worker_that_was_thought_lost_settles_what_it_knows() -> None:
    delivery = DeliveryFactory()

    def clock_while_the_tick_gives_the_worker_up() -> dt.datetime:
        Delivery.objects.filter(status=DeliveryStatus.SENDING).update(status=DeliveryStatus.UNKNOWN, wake_at=None)
        return NOW

    assert send(delivery, clock_while_the_tick_gives_the_worker_up) == DeliveryStatus.SENT
    assert delivery.status == DeliveryStatus.SENT


def test_attack_118_no_address_reaches_the_log(clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    RaisingChannel.error = smtplib.SMTPRecipientsRefused({"client@customer.example": (550, b"no")})

    send(DeliveryFactory(channel="raising"), clock)

    assert "SMTPRecipientsRefused" in caplog.text
    assert "client@customer.example" not in caplog.text


def test_a_recipient_policy_that_raises_is_asked_again_later_and_nothing_goes_out(
    clock: Clock, settings: Settings
) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "RECIPIENT_POLICY": "tests.gone.policy"}

    assert send(DeliveryFactory(), clock) == DeliveryStatus.PENDING
    assert not RecordingChannel.requests


@pytest.mark.parametrize(("failures", "delay"), [(0, 60), (1, 300), (2, 900)])
def test_a_channel_that_is_unavailable_is_tried_again_later(clock: Clock, failures: int, delay: int) -> None:
    RaisingChannel.error = DeliveryError("The server is busy.")
    delivery = DeliveryFactory(channel="raising", failures=failures)

    assert send(delivery, clock) == DeliveryStatus.PENDING
    assert (delivery.failures, delivery.wake_at) == (failures + 1, NOW + dt.timedelta(seconds=delay))
    assert (delivery.error_code, delivery.error_message) == (ErrorCode.CHANNEL_UNAVAILABLE, "The server is busy.")


def test_after_the_last_retry_the_delivery_has_failed(clock: Clock) -> None:
    RaisingChannel.error = DeliveryError("The server is busy.")
    delivery = DeliveryFactory(channel="raising", failures=3)

    assert send(delivery, clock) == DeliveryStatus.FAILED
    assert (delivery.status, delivery.wake_at, delivery.failures) == (DeliveryStatus.FAILED, None, 4)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DeliveryError("No such mailbox.", permanent=True), ErrorCode.CHANNEL_REJECTED),
        (FileNotFoundError("reports/1/2/3.pdf"), ErrorCode.FILE_MISSING),
    ],
)
def test_what_no_retry_can_mend_fails_at_once(clock: Clock, error: Exception, code: ErrorCode) -> None:
    RaisingChannel.error = error
    delivery = DeliveryFactory(channel="raising")

    assert send(delivery, clock) == DeliveryStatus.FAILED
    assert delivery.error_code == code


def test_the_text_of_a_foreign_error_stays_in_the_log(clock: Clock) -> None:
    delivery = DeliveryFactory(channel="raising")

    assert send(delivery, clock) == DeliveryStatus.PENDING
    assert delivery.error_message == "The channel raised RuntimeError."


def test_a_worker_that_lost_the_delivery_does_not_overwrite_its_state() -> None:
    delivery = DeliveryFactory(channel="raising")

    def clock_while_somebody_else_takes_over() -> dt.datetime:
        Delivery.objects.filter(status=DeliveryStatus.SENDING).update(status=DeliveryStatus.UNKNOWN, wake_at=None)
        return NOW

    send(delivery, clock_while_somebody_else_takes_over)

    assert delivery.status == DeliveryStatus.UNKNOWN


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("written", [False, True], ids=["before the commit", "after the commit"])
def test_that_a_mail_is_out_is_written_down_although_the_connection_broke(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    tries: list[int] = []

    def close_over_a_bad_line(*arguments: Any, **named: Any) -> bool:
        tries.append(1)
        if len(tries) == 1 and written:
            delivering_close(*arguments, **named)
        if len(tries) == 1:
            raise OperationalError
        return delivering_close(*arguments, **named)

    delivering_close = delivering.close_delivery
    monkeypatch.setattr(delivering, "close_delivery", close_over_a_bad_line)
    delivery = DeliveryFactory()

    send(delivery, clock)

    assert (delivery.status, len(RecordingChannel.requests)) == (DeliveryStatus.SENT, 1)


@pytest.mark.parametrize("attribute", ["target", "account"])
def test_a_request_is_made_of_plain_values(clock: Clock, attribute: str) -> None:
    send(DeliveryFactory(), clock)

    value: Any = getattr(RecordingChannel.requests[0], attribute)
    assert not hasattr(value, "_meta")
