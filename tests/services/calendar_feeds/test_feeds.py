"""Setting calendar feeds up, renewing and deleting them: who may, how many, and what is written down."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from pytest_django import Settings

from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import Role
from django_report_scheduling.exceptions import LimitReached, NotPermitted, WrongState
from django_report_scheduling.models import AuditEvent, CalendarFeed
from django_report_scheduling.services.calendar_feeds.feeds import (
    create_calendar_feed,
    delete_calendar_feed,
    renew_calendar_feed,
)
from tests.extras import needs_calendar
from tests.factories import NOW, AccountFactory, CalendarFeedFactory, UserFactory

pytestmark = [needs_calendar, pytest.mark.django_db]


def create(account: Any, actor: Any) -> CalendarFeed:
    return create_calendar_feed(account_id=account and account.pk, actor=actor, now=NOW)


def manager_of(account: Any) -> Any:
    user = UserFactory()
    grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
    return user


def events(feed_id: Any) -> list[tuple[str, Any, str]]:
    found = AuditEvent.objects.filter(object_id=str(feed_id), object_type="calendarfeed").order_by("id")
    return [(event.verb, event.actor, event.account_id) for event in found]


def test_who_sees_the_reports_of_an_account_gets_a_feed_of_it(account: Any, client_user: Any) -> None:
    feed = create(account, client_user)

    assert (feed.owner, feed.account) == (client_user, account)
    assert events(feed.pk) == [("calendar_feed.created", client_user, str(account.pk))]


def test_and_one_of_all_accounts(client_user: Any) -> None:
    feed = create(None, client_user)

    assert feed.account is None
    assert events(feed.pk) == [("calendar_feed.created", client_user, "")]


def test_an_administrator_gets_one_of_any_account(account: Any) -> None:
    administrator = UserFactory()
    administrator.user_permissions.add(Permission.objects.get(codename="administer_reports"))

    assert create(account, administrator).owner == administrator


@pytest.mark.parametrize("of_all", [True, False])
def test_who_sees_no_reports_gets_none(of_all: bool, account: Any) -> None:
    with pytest.raises(NotPermitted):
        create(None if of_all else account, UserFactory())

    assert not CalendarFeed.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("of_all", [True, False])
def test_attack_094_what_the_database_holds_decides_and_not_what_the_actor_remembers(
    of_all: bool, account: Any
) -> None:
    from django.contrib.auth import get_user_model

    actor = UserFactory(is_superuser=True)
    get_user_model()._default_manager.filter(pk=actor.pk).update(is_superuser=False)

    with pytest.raises(NotPermitted):
        create(None if of_all else account, actor)


def test_somebody_deactivated_or_gone_gets_none(account: Any, client_user: Any) -> None:
    type(client_user)._default_manager.filter(pk=client_user.pk).update(is_active=False)
    with pytest.raises(NotPermitted):
        create(account, client_user)

    type(client_user)._default_manager.filter(pk=client_user.pk).delete()
    with pytest.raises(NotPermitted):
        create(account, client_user)


def test_an_account_that_is_not_there_has_none(client_user: Any, account: Any) -> None:
    key = account.pk
    account.delete()

    with pytest.raises(get_account_model().DoesNotExist):
        create_calendar_feed(account_id=key, actor=client_user, now=NOW)


def test_an_inactive_account_has_none(account: Any, client_user: Any) -> None:
    account.active = False
    account.save()

    with pytest.raises(WrongState, match="Acme"):
        create(account, client_user)


@pytest.mark.parametrize("of_all", [True, False])
def test_there_is_one_of_each(of_all: bool, account: Any, client_user: Any) -> None:
    create(None if of_all else account, client_user)

    with pytest.raises(WrongState, match="already"):
        create(None if of_all else account, client_user)


def test_one_person_has_so_many_and_others_have_theirs(client_user: Any, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "MAX_CALENDAR_FEEDS_PER_USER": 2}
    accounts = [AccountFactory() for _number in range(3)]
    other = UserFactory()
    for account in accounts:
        grant(account=account, holder=client_user, role=Role.CLIENT)
        grant(account=account, holder=other, role=Role.CLIENT)
    for account in accounts[:2]:
        create(account, client_user)

    with pytest.raises(LimitReached, match="2 calendar feeds"):
        create(accounts[2], client_user)
    assert create(accounts[2], other)


def test_renewing_changes_the_nonce_alone(feed: CalendarFeed) -> None:
    before = feed.nonce

    renewed = renew_calendar_feed(feed_id=feed.pk, actor=feed.owner, now=NOW)

    feed.refresh_from_db()
    assert feed.nonce == renewed.nonce != before
    assert renewed.pk == feed.pk
    assert events(feed.pk) == [("calendar_feed.renewed", feed.owner, str(feed.account_id))]


def test_attack_117_the_record_holds_nothing_of_the_address(feed: CalendarFeed) -> None:
    renewed = renew_calendar_feed(feed_id=feed.pk, actor=feed.owner, now=NOW)

    recorded = str(list(AuditEvent.objects.values()))
    assert str(renewed.nonce) not in recorded
    assert renewed.nonce.hex not in recorded


def test_nobody_renews_somebody_else_s(feed: CalendarFeed) -> None:
    for actor in (UserFactory(is_superuser=True), manager_of(feed.account)):
        with pytest.raises(NotPermitted):
            renew_calendar_feed(feed_id=feed.pk, actor=actor, now=NOW)

    assert not AuditEvent.objects.exists()


def test_the_owner_deletes_theirs_also_without_the_role(feed: CalendarFeed) -> None:
    revoke(account=feed.account, holder=feed.owner)

    delete_calendar_feed(feed_id=feed.pk, actor=feed.owner, now=NOW)

    assert not CalendarFeed.objects.exists()
    assert events(feed.pk) == [("calendar_feed.deleted", feed.owner, str(feed.account_id))]


def test_who_manages_the_account_and_administrators_delete_it_too(account: Any) -> None:
    for actor in (manager_of(account), UserFactory(is_superuser=True), None):
        feed = CalendarFeedFactory(account=account)
        delete_calendar_feed(feed_id=feed.pk, actor=actor, now=NOW)

    assert not CalendarFeed.objects.exists()


def test_nobody_else_deletes_it(feed: CalendarFeed, account: Any) -> None:
    fellow = UserFactory()
    grant(account=account, holder=fellow, role=Role.CLIENT)

    for actor in (fellow, UserFactory(), manager_of(AccountFactory())):
        with pytest.raises(NotPermitted):
            delete_calendar_feed(feed_id=feed.pk, actor=actor, now=NOW)


def test_one_of_all_accounts_takes_an_administrator(client_user: Any, account: Any) -> None:
    feed = CalendarFeedFactory(owner=client_user, account=None)

    with pytest.raises(NotPermitted):
        delete_calendar_feed(feed_id=feed.pk, actor=manager_of(account), now=NOW)
    delete_calendar_feed(feed_id=feed.pk, actor=UserFactory(is_superuser=True), now=NOW)

    assert not CalendarFeed.objects.exists()


def test_what_is_gone_is_not_found(feed: CalendarFeed) -> None:
    delete_calendar_feed(feed_id=feed.pk, actor=None, now=NOW)

    for verb in (delete_calendar_feed, renew_calendar_feed):
        with pytest.raises(CalendarFeed.DoesNotExist):
            verb(feed_id=feed.pk, actor=None, now=NOW)


def test_a_site_without_the_library_says_what_to_run(
    account: Any, client_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)

    with pytest.raises(WrongState, match=r"pip install 'django-report-scheduling\[calendar\]'"):
        create(account, client_user)


def test_a_site_without_addresses_says_what_to_set(account: Any, client_user: Any, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {}
    with pytest.raises(WrongState, match="BASE_URL"):
        create(account, client_user)

    settings.REPORT_SCHEDULING = {"BASE_URL": "https://reports.example.org"}
    settings.ROOT_URLCONF = "django.contrib.auth.urls"
    with pytest.raises(WrongState, match=r"pages\.urls"):
        create(account, client_user)
