"""Calendar feeds in the admin: who has one, and no address; deleting one ends it."""

from __future__ import annotations

from typing import Any

import pytest

from django_report_scheduling.access import roles
from django_report_scheduling.admin import calendar_feeds
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AuditEvent, CalendarFeed
from django_report_scheduling.services.calendar_feeds.addresses import calendar_url
from django_report_scheduling.services.clock import database_now
from tests.admin.staff import browser, choose, page, staff, told
from tests.factories import CalendarFeedFactory, UserFactory

pytestmark = pytest.mark.django_db


def manager(feed: CalendarFeed, *codenames: str) -> Any:
    person = staff("view_calendarfeed", *codenames)
    roles.grant(account=feed.account, holder=person, role=Role.ACCOUNT_MANAGER)
    return person


def administrator() -> Any:
    return UserFactory(is_staff=True, is_superuser=True)


def test_no_page_shows_an_address_or_what_it_is_made_of() -> None:
    feed = CalendarFeedFactory(owner__username="reader")
    client = browser(administrator())

    pages = [
        client.get(page("calendarfeed_changelist")),
        client.get(page("calendarfeed_change", feed.pk)),
        client.get(page("calendarfeed_delete", feed.pk)),
        client.get(page("calendarfeed_history", feed.pk)),
    ]

    token = calendar_url(feed).rpartition("/")[2].removesuffix(".ics")
    for shown in pages:
        assert shown.status_code == 200
        for private in (token, token.partition(".")[2], str(feed.nonce), feed.nonce.hex):
            assert private not in shown.content.decode()
    assert "reader" in pages[0].content.decode()


def test_attack_107_staff_see_the_feeds_of_accounts_they_manage_and_administrators_all() -> None:
    mine = CalendarFeedFactory(owner__username="mine")
    CalendarFeedFactory(owner__username="foreign")
    CalendarFeedFactory(owner__username="everywhere", account=None)

    text = browser(manager(mine)).get(page("calendarfeed_changelist")).content.decode()
    everything = browser(administrator()).get(page("calendarfeed_changelist")).content.decode()

    assert [name for name in ("mine", "foreign", "everywhere") if name in text] == ["mine"]
    assert all(name in everything for name in ("mine", "foreign", "everywhere"))


def test_nobody_adds_or_changes_one() -> None:
    client, feed = browser(administrator()), CalendarFeedFactory()

    assert client.get(page("calendarfeed_add")).status_code == 403
    assert client.post(page("calendarfeed_change", feed.pk), {"account": ""}).status_code == 403


def test_attack_110_revoking_takes_the_permission_and_is_recorded() -> None:
    feed = CalendarFeedFactory()

    choose(browser(manager(feed)), "calendarfeed", "delete_selected", feed, post="yes")
    assert CalendarFeed.objects.exists()

    person = manager(feed, "delete_calendarfeed")
    choose(browser(person), "calendarfeed", "delete_selected", feed, post="yes")
    assert not CalendarFeed.objects.exists()
    event = AuditEvent.objects.get(verb="calendar_feed.deleted")
    assert (event.actor, event.object_id) == (person, str(feed.pk))


def test_one_is_revoked_on_its_own_page_too() -> None:
    feed, person = CalendarFeedFactory(account=None), administrator()

    browser(person).post(page("calendarfeed_delete", feed.pk), {"post": "yes"})

    assert not CalendarFeed.objects.exists()
    assert AuditEvent.objects.get(verb="calendar_feed.deleted").actor == person


def test_a_superuser_deletes_an_account_or_a_person_with_their_feeds() -> None:
    feed, of_somebody, client = CalendarFeedFactory(), CalendarFeedFactory(), browser(administrator())

    client.post(page("account_delete", feed.account_id), {"post": "yes"})
    assert list(CalendarFeed.objects.all()) == [of_somebody]

    from django.contrib import admin
    from django.contrib.auth import get_user_model
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.user = administrator()
    model_admin = admin.ModelAdmin(get_user_model(), admin.site)
    _rows, _counts, forbidden, protected = model_admin.get_deleted_objects([of_somebody.owner], request)
    assert (forbidden, protected) == (set(), [])


def test_attack_094_who_lost_the_account_since_the_page_was_shown_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = CalendarFeedFactory()
    person = manager(feed, "delete_calendarfeed")

    def time_passes() -> Any:
        roles.revoke(account=feed.account, holder=person)
        return database_now()

    monkeypatch.setattr(calendar_feeds, "database_now", time_passes)

    answer = choose(browser(person), "calendarfeed", "delete_selected", feed, post="yes")

    assert told(answer) == ["You may not do this: you do not manage the reports of this account."]
    assert CalendarFeed.objects.exists()


def test_one_that_somebody_else_has_just_deleted_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    feed, client = CalendarFeedFactory(), browser(administrator())

    def time_passes() -> Any:
        CalendarFeed.objects.all().delete()
        return database_now()

    monkeypatch.setattr(calendar_feeds, "database_now", time_passes)

    assert client.post(page("calendarfeed_delete", feed.pk), {"post": "yes"}, follow=True).status_code == 200
    assert not AuditEvent.objects.exists()
