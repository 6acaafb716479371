"""What several processes do at the same moment happens once; held by the database, on every database."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import ReportStatus, Role, ScheduleState
from django_report_scheduling.models import (
    AuditEvent,
    CalendarFeed,
    Delivery,
    GeneratedReport,
    ReportSchedule,
    WebhookEndpoint,
)
from django_report_scheduling.services.webhooks.secrets import OVERLAP, signing_secrets
from tests.extras import needs_calendar, needs_webhooks
from tests.factories import (
    NOW,
    AccountFactory,
    CalendarFeedFactory,
    GeneratedReportFactory,
    ReportScheduleFactory,
    UserFactory,
    WebhookDeliveryFactory,
    WebhookEndpointFactory,
)
from tests.tasks.conftest import database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROOT = Path(__file__).resolve().parents[2]
RACERS = 8


Race = Callable[[str, list[str]], list[str]]


@pytest.fixture(scope="module")
def racers(django_db_setup: None) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes on the test database that wait for what to do."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": database_url()}
    command = [sys.executable, "-m", "tests.concurrency.racer"]
    started = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        for _ in range(RACERS)
    ]
    for racer in started:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    yield started
    for racer in started:
        racer.communicate(timeout=180)


@pytest.fixture
def race(racers: list[subprocess.Popen[str]]) -> Race:
    """Let one process per argument act at the same moment; return what each answered."""

    def run(verb: str, arguments: list[str]) -> list[str]:
        chosen = racers[: len(arguments)]
        for racer, argument in zip(chosen, arguments, strict=True):
            assert racer.stdin is not None
            racer.stdin.write(f"{verb} {argument}\n")
        answers = [racer.stdout.readline().rstrip("\n") for racer in chosen if racer.stdout is not None]
        assert all(racer.poll() is None for racer in chosen), "a racer died; its traceback is on standard error"
        return answers

    return run


def test_attack_052_many_ticks_at_once_make_one_report_for_each_slot(race: Race) -> None:
    ReportScheduleFactory.create_batch(50)

    expanded = race("expand", [""] * 5)

    assert sum(map(int, expanded)) == 50
    assert GeneratedReport.objects.count() == 50
    assert not ReportSchedule.objects.filter(state=ScheduleState.ERRORED).exists()


def test_attack_052_of_many_workers_with_the_same_message_one_gets_the_report(race: Race) -> None:
    report = GeneratedReportFactory(queued=True)

    assert Counter(race("claim", [str(report.pk)] * 5)) == {"claimed": 1, "stale": 4}


def test_many_ticks_at_once_queue_each_report_once(race: Race) -> None:
    GeneratedReportFactory.create_batch(40)

    queued = " ".join(race("queue", [""] * 4)).split()

    assert len(queued) == len(set(queued))
    assert GeneratedReport.objects.filter(status=ReportStatus.QUEUED).count() == len(queued)


def test_many_ticks_and_finished_reports_at_once_do_not_exceed_an_account_s_share(race: Race) -> None:
    schedule = ReportScheduleFactory()
    for day in range(1, 28):
        GeneratedReportFactory(schedule=schedule, slot=schedule.next_run_at.replace(day=day))

    account = str(schedule.account_id)
    race("queue_of_account", [account] * 3)
    queued = race("queue", [""] * 3) + race("queue_of_account", [account] * 3)

    assert not "".join(queued)
    assert GeneratedReport.objects.filter(status=ReportStatus.QUEUED).count() == 10


def test_the_limit_of_an_account_holds_against_racing_writers(race: Race) -> None:
    account = AccountFactory()
    ReportScheduleFactory.create_batch(7, account=account)

    assert Counter(race("create", [str(account.pk)] * 6)) == {"created": 3, "limit": 3}
    assert ReportSchedule.objects.filter(account=account).count() == 10


def test_requests_with_the_same_key_at_the_same_moment_are_one_report(race: Race) -> None:
    schedule, user = ReportScheduleFactory(), UserFactory(is_superuser=True)

    for key in "abcdefgh":
        answers = race("run", [f"{schedule.pk} {user.pk} {key}"] * RACERS)

        assert len(set(answers)) == 1
    assert GeneratedReport.objects.count() == AuditEvent.objects.filter(verb="report.requested.manual").count() == 8


def test_requests_with_different_keys_at_the_same_moment_are_reports_of_their_own(race: Race) -> None:
    schedule, user = ReportScheduleFactory(), UserFactory(is_superuser=True)

    answers = race("run", [f"{schedule.pk} {user.pk} {key}" for key in range(RACERS)])

    assert len(set(answers)) == GeneratedReport.objects.count() == RACERS


def test_three_reports_that_fail_at_the_same_moment_stop_the_schedule_once(race: Race) -> None:
    owner = UserFactory()
    schedule = ReportScheduleFactory(created_by=owner)
    grant(account=schedule.account, holder=owner, role=Role.ACCOUNT_MANAGER)
    reports = [
        GeneratedReportFactory(schedule=schedule, running=True, slot=schedule.next_run_at.replace(day=day))
        for day in (1, 2, 3)
    ]

    assert race("fail", [str(report.pk) for report in reports]) == ["failed"] * 3

    schedule.refresh_from_db()
    assert (schedule.state, schedule.consecutive_failures) == (ScheduleState.ERRORED, 3)
    assert Delivery.objects.filter(event="schedule.errored").count() == 1


def failing_deliveries(endpoint: WebhookEndpoint, number: int) -> list[Delivery]:
    """Deliveries in their last attempt."""
    schedule = ReportScheduleFactory(account=endpoint.account)
    return [
        WebhookDeliveryFactory(
            webhook=endpoint,
            report=GeneratedReportFactory(schedule=schedule, succeeded=True, slot=NOW + dt.timedelta(hours=hour)),
            status="sending",
            attempt=4,
        )
        for hour in range(number)
    ]


@needs_webhooks
def test_attack_051_the_limit_of_webhooks_holds_against_racing_writers(race: Race) -> None:
    account = AccountFactory()
    WebhookEndpointFactory.create_batch(5, account=account)

    assert Counter(race("create_webhook", [str(account.pk)] * 8)) == {"created": 5, "limit": 3}
    assert WebhookEndpoint.objects.filter(account=account).count() == 10


@needs_webhooks
def test_attack_041_of_racing_rotations_none_loses_the_secret_of_another(race: Race) -> None:
    endpoint = WebhookEndpointFactory()
    (old,) = signing_secrets(endpoint, now=NOW)

    answers = race("rotate_webhook", [str(endpoint.pk)] * 4)

    won = [answer for answer in answers if answer != "lost"]
    endpoint.refresh_from_db()
    newest, previous = signing_secrets(endpoint, now=NOW + OVERLAP / 2)
    assert newest.reveal() in won
    # Whoever came after the first had seen the first one's secret, and so knew what to replace.
    assert previous == old if len(won) == 1 else previous.reveal() in won


def test_attack_048_failures_counted_by_eight_workers_are_all_counted(race: Race) -> None:
    endpoint = WebhookEndpointFactory()

    assert race("exhaust_webhook", [str(each.pk) for each in failing_deliveries(endpoint, 8)]) == ["True"] * 8

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.consecutive_failures) == ("active", 8)


def test_attack_047_eight_workers_disable_an_endpoint_once(race: Race) -> None:
    endpoint = WebhookEndpointFactory(consecutive_failures=6)
    UserFactory(is_superuser=True)
    waiting = WebhookDeliveryFactory(webhook=endpoint, report__schedule__account=endpoint.account)

    race("exhaust_webhook", [str(each.pk) for each in failing_deliveries(endpoint, 8)])

    endpoint.refresh_from_db()
    waiting.refresh_from_db()
    assert (endpoint.state, endpoint.consecutive_failures) == ("disabled", 10)
    assert waiting.status == "suppressed"
    assert AuditEvent.objects.filter(verb="webhook.disabled").count() == 1
    assert Delivery.objects.filter(event="webhook.disabled").count() == 1


@needs_calendar
def test_the_limit_of_calendar_feeds_holds_against_racing_wishes_of_one_person(race: Race) -> None:
    user = UserFactory(is_superuser=True)
    CalendarFeedFactory.create_batch(15, owner=user)

    answers = race("create_calendar_feed", [f"{user.pk} {AccountFactory().pk}" for _number in range(8)])

    assert Counter(answers) == {"created": 5, "limit": 3}
    assert CalendarFeed.objects.filter(owner=user).count() == 20


@needs_calendar
@pytest.mark.parametrize("of_all", [True, False])
def test_of_racing_wishes_for_the_same_calendar_feed_one_is_granted(of_all: bool, race: Race) -> None:
    user, account = UserFactory(is_superuser=True), AccountFactory()

    answers = race("create_calendar_feed", [f"{user.pk} {'' if of_all else account.pk}"] * 8)

    assert Counter(answers) == {"created": 1, "twice": 7}
