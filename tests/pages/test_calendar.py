"""The page behind the address of a calendar feed: the calendar, or one and the same 404."""

from __future__ import annotations

import datetime as dt
import sys
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AuditEvent, CalendarFeed, ReportSchedule
from django_report_scheduling.pages import calendar as page
from django_report_scheduling.services.calendar_feeds.addresses import SALT, calendar_url, resolve_calendar
from django_report_scheduling.services.calendar_feeds.feeds import delete_calendar_feed, renew_calendar_feed
from django_report_scheduling.services.schedule_states import pause_schedule
from django_report_scheduling.services.schedules import update_schedule
from tests.extras import needs_calendar
from tests.factories import NOW, AccountFactory, CalendarFeedFactory, ReportScheduleFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report", "before")]

HOST = "https://reports.example.org"


@pytest.fixture
def before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An hour before the schedule's next run, by every clock."""
    moment = NOW - dt.timedelta(hours=1)
    monkeypatch.setattr(page, "database_now", lambda: moment)
    with time_machine.travel(moment, tick=False):
        yield


@pytest.fixture
def schedule() -> ReportSchedule:
    return ReportScheduleFactory(account__name="Acme", recipients=["jane@customer.example"])


@pytest.fixture
def owner(schedule: ReportSchedule) -> Any:
    owner = UserFactory()
    grant(account=schedule.account, holder=owner, role=Role.CLIENT)
    return owner


@pytest.fixture
def feed(schedule: ReportSchedule, owner: Any) -> CalendarFeed:
    return CalendarFeedFactory(account=schedule.account, owner=owner)


def path(feed: CalendarFeed) -> str:
    url = calendar_url(feed)
    assert url.startswith(f"{HOST}/reports/calendar/")
    assert url.endswith(".ics")
    return url.removeprefix(HOST)


def token_of(feed: CalendarFeed) -> str:
    return path(feed).rpartition("/")[2].removesuffix(".ics")


def address(token: str) -> str:
    return reverse("report_scheduling:calendar", args=[token])


@pytest.fixture
def refused(client: Client) -> Callable[[str], None]:
    """Asserts that an address is answered exactly as one that never was."""

    def compare(url: str) -> None:
        never, answer = client.get(address("no.such.token")), client.get(url)

        assert (answer.status_code, answer.content) == (404, never.content)
        assert answer.headers == never.headers
        assert client.head(url).status_code == 404

    return compare


def events(client: Client, feed: CalendarFeed) -> list[Any]:
    from icalendar import Calendar

    calendar: Any = Calendar.from_ical(client.get(path(feed)).content)
    assert [component.errors for component in calendar.walk() if component.errors] == []
    return list(calendar.walk("VEVENT"))


@needs_calendar
def test_the_calendar_has_an_event_for_every_coming_run(client: Client, feed: CalendarFeed) -> None:
    found = events(client, feed)

    assert [event["DTSTART"].dt for event in found[:2]] == [NOW, NOW + dt.timedelta(days=7)]
    assert len(found) == 13
    assert {str(event["SUMMARY"]) for event in found} == {"Weekly summary"}


@needs_calendar
def test_an_event_tells_account_report_and_period_and_nobody_who_receives_it(
    client: Client, feed: CalendarFeed, schedule: ReportSchedule
) -> None:
    first = events(client, feed)[0]

    assert str(first["DESCRIPTION"]).split("\n") == [
        "Account: Acme",
        "Report: Sample report",
        "Period: Feb 23\u2009–\u2009Mar 1, 2026",
    ]
    content = client.get(path(feed)).content.replace(b"\r\n ", b"").decode()
    for private in ("@", feed.owner.username, feed.nonce.hex, str(feed.pk), schedule.account.slug):
        assert private not in content


@needs_calendar
def test_the_calendar_speaks_the_language_of_the_account(
    client: Client, feed: CalendarFeed, schedule: ReportSchedule
) -> None:
    schedule.account.locale = "de-CH"
    schedule.account.save()

    first = events(client, feed)[0]

    assert first["SUMMARY"].params["LANGUAGE"] == "de-CH"
    assert str(first["DESCRIPTION"]).endswith("23. Feb.\u2009–\u20091. März 2026")


@needs_calendar
def test_a_uid_is_of_one_event_alone_and_stays(client: Client, feed: CalendarFeed) -> None:
    ReportScheduleFactory(account=feed.account)
    first, again = events(client, feed), events(client, feed)

    uids = [str(event["UID"]) for event in first]
    assert len(set(uids)) == 26
    assert uids == [str(event["UID"]) for event in again]


@needs_calendar
def test_a_schedule_that_was_renamed_has_a_new_revision_of_the_same_events(
    client: Client, feed: CalendarFeed, schedule: ReportSchedule
) -> None:
    before = events(client, feed)

    with time_machine.travel(NOW - dt.timedelta(minutes=30), tick=False):
        update_schedule(schedule_id=schedule.pk, actor=None, now=NOW, name="Renamed")
    after = events(client, feed)

    assert [event["UID"] for event in after] == [event["UID"] for event in before]
    assert {str(event["SUMMARY"]) for event in after} == {"Renamed"}
    assert all(new["SEQUENCE"] > old["SEQUENCE"] for old, new in zip(before, after, strict=True))
    assert {event["LAST-MODIFIED"].dt for event in after} == {NOW - dt.timedelta(minutes=30)}


@needs_calendar
def test_a_week_with_a_change_of_the_clocks_keeps_its_wall_clock_time(client: Client, feed: CalendarFeed) -> None:
    from zoneinfo import ZoneInfo

    starts = [event["DTSTART"].dt for event in events(client, feed)]

    assert {start.utcoffset() for start in starts} == {dt.timedelta(0)}
    assert {start.hour for start in starts} == {6, 7}
    assert {start.astimezone(ZoneInfo("Europe/Berlin")).hour for start in starts} == {8}


@needs_calendar
def test_a_paused_schedule_leaves_the_calendar_and_an_empty_one_is_valid(
    client: Client, feed: CalendarFeed, schedule: ReportSchedule
) -> None:
    pause_schedule(schedule_id=schedule.pk, actor=None, now=NOW)

    assert events(client, feed) == []
    assert client.get(path(feed)).status_code == 200


@needs_calendar
def test_two_people_see_each_what_they_may(client: Client, schedule: ReportSchedule, owner: Any) -> None:
    foreign = ReportScheduleFactory(name="Foreign")
    other = UserFactory()
    grant(account=foreign.account, holder=other, role=Role.CLIENT)

    seen = {
        person: {str(event["SUMMARY"]) for event in events(client, CalendarFeedFactory(owner=person, account=None))}
        for person in (owner, other)
    }

    assert seen == {owner: {"Weekly summary"}, other: {"Foreign"}}


@needs_calendar
def test_attack_081_the_headers_keep_the_calendar_to_whoever_asked(client: Client, feed: CalendarFeed) -> None:
    answer = client.get(path(feed))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="reports.ics"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert not answer.cookies


@needs_calendar
def test_a_head_says_the_same_without_the_content(client: Client, feed: CalendarFeed) -> None:
    whole, head = client.get(path(feed)), client.head(path(feed))

    assert (head.status_code, head.content, head.headers) == (200, b"", whole.headers)


@needs_calendar
def test_asking_writes_nothing_down(client: Client, feed: CalendarFeed) -> None:
    client.get(path(feed))

    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_but_reading_is_possible(method: str, client: Client, feed: CalendarFeed) -> None:
    assert getattr(client, method)(path(feed)).status_code == 405


@pytest.mark.parametrize("position", [3, 30, 90, -30, -2])
def test_attack_078_an_altered_address_is_refused(
    position: int, feed: CalendarFeed, refused: Callable[[str], None]
) -> None:
    token = token_of(feed)
    other = "A" if token[position] != "A" else "B"

    refused(address(token[:position] + other + token[position:][1:]))


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.c", ".", "..", ".ics", "%00", "\x00", "ü", ".x", "x" * 5000])
def test_attack_078_an_address_that_is_none_is_refused(token: str, refused: Callable[[str], None]) -> None:
    refused(address(token))


@pytest.mark.parametrize(
    "claim", [{}, [], "x", None, 7, {"f": 1, "n": 2}, {"f": None, "n": None}, {"f": "x", "n": "y"}, {"f": []}]
)
def test_a_signed_claim_of_another_shape_is_refused(claim: Any, refused: Callable[[str], None]) -> None:
    refused(address(signing.Signer(salt=SALT, sep=".").sign_object(claim)))


def test_attack_078_a_signature_for_another_purpose_is_refused(
    feed: CalendarFeed, refused: Callable[[str], None]
) -> None:
    claim = {"f": feed.pk.hex, "n": feed.nonce.hex}

    refused(address(signing.Signer(salt="report_scheduling.download", sep=".").sign_object(claim)))


def test_another_nonce_is_refused(feed: CalendarFeed, refused: Callable[[str], None]) -> None:
    feed.nonce = uuid.uuid4()

    refused(path(feed))


def test_the_address_is_always_the_same_and_names_nobody(feed: CalendarFeed) -> None:
    first = calendar_url(feed)
    with time_machine.travel(NOW + dt.timedelta(days=400), tick=False):
        assert calendar_url(CalendarFeed.objects.get(pk=feed.pk)) == first

    claim = signing.Signer(salt=SALT, sep=".").unsign_object(token_of(feed))
    assert claim == {"f": feed.pk.hex, "n": feed.nonce.hex}


@needs_calendar
def test_an_address_outlives_a_change_of_the_key_through_its_fallback(
    client: Client, feed: CalendarFeed, settings: Settings, refused: Callable[[str], None]
) -> None:
    before = path(feed)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new key"
    assert client.get(before).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    refused(before)


@needs_calendar
def test_a_renewed_feed_is_at_its_new_address_alone(
    client: Client, feed: CalendarFeed, refused: Callable[[str], None]
) -> None:
    before = path(feed)

    renewed = renew_calendar_feed(feed_id=feed.pk, actor=feed.owner, now=NOW)

    refused(before)
    assert client.get(path(renewed)).status_code == 200


def test_a_deleted_feed_is_refused(feed: CalendarFeed, refused: Callable[[str], None]) -> None:
    delete_calendar_feed(feed_id=feed.pk, actor=None, now=NOW)

    refused(path(feed))


@pytest.mark.parametrize("of_all", [True, False])
def test_attack_079_an_owner_who_lost_the_role_is_refused(
    of_all: bool, feed: CalendarFeed, refused: Callable[[str], None]
) -> None:
    feed = CalendarFeedFactory(owner=feed.owner, account=None) if of_all else feed
    assert resolve_calendar(token_of(feed))

    revoke(account=ReportSchedule.objects.get().account, holder=feed.owner)

    refused(path(feed))


def test_attack_079_an_owner_with_a_role_on_another_account_is_refused(
    feed: CalendarFeed, refused: Callable[[str], None]
) -> None:
    revoke(account=feed.account, holder=feed.owner)
    grant(account=AccountFactory(), holder=feed.owner, role=Role.ACCOUNT_MANAGER)

    refused(path(feed))


@pytest.mark.parametrize("superuser", [True, False])
def test_attack_093_an_owner_who_was_deactivated_is_refused(
    superuser: bool, feed: CalendarFeed, refused: Callable[[str], None]
) -> None:
    feed.owner.is_active, feed.owner.is_superuser = False, superuser
    feed.owner.save()

    refused(path(feed))


@pytest.mark.parametrize("of_all", [True, False])
def test_an_account_that_is_inactive_has_no_calendar(
    of_all: bool, feed: CalendarFeed, refused: Callable[[str], None]
) -> None:
    feed = CalendarFeedFactory(owner=feed.owner, account=None) if of_all else feed
    account = ReportSchedule.objects.get().account
    account.active = False
    account.save()

    refused(path(feed))


@needs_calendar
def test_it_takes_few_queries(client: Client, feed: CalendarFeed) -> None:
    client.get(path(feed))
    for _number in range(20):
        ReportScheduleFactory(account=feed.account)

    with CaptureQueriesContext(connection) as queries:
        client.get(path(feed))

    assert len(queries) <= 6


def test_attack_099_a_forged_address_asks_nothing_of_the_database(
    client: Client, feed: CalendarFeed, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        assert client.get(address(f"{token_of(feed)}x")).status_code == 404


def test_without_the_library_it_is_the_site_that_is_at_fault(
    client: Client,
    feed: CalendarFeed,
    refused: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)

    answer = client.get(path(feed))

    assert (answer.status_code, answer["Retry-After"]) == (503, "3600")
    assert "pip install 'django-report-scheduling[calendar]'" in answer.content.decode()
    assert "A calendar cannot be written" in caplog.text
    assert feed.nonce.hex not in caplog.text
    refused(address(f"{token_of(feed)}x"))


def test_a_site_without_addresses_shows_none(feed: CalendarFeed, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"BASE_URL": f"{HOST}/"}
    assert calendar_url(feed).startswith(f"{HOST}/reports/calendar/")

    settings.REPORT_SCHEDULING = {}
    assert calendar_url(feed) == ""

    settings.REPORT_SCHEDULING = {"BASE_URL": HOST}
    settings.ROOT_URLCONF = "django.contrib.auth.urls"
    assert calendar_url(feed) == ""
