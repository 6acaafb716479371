"""What the database holds of calendar feeds, on every database alike."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from django_report_scheduling.models import CalendarFeed
from tests.factories import AccountFactory, CalendarFeedFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_somebody_has_one_feed_of_an_account() -> None:
    feed = CalendarFeedFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeedFactory(owner=feed.owner, account=feed.account)


def test_somebody_has_one_feed_of_all_accounts() -> None:
    feed = CalendarFeedFactory(account=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarFeedFactory(owner=feed.owner, account=None)


def test_somebody_has_feeds_of_several_accounts_and_one_of_all() -> None:
    owner = UserFactory()
    for account in (AccountFactory(), AccountFactory(), None):
        CalendarFeedFactory(owner=owner, account=account)

    assert CalendarFeed.objects.filter(owner=owner).count() == 3


def test_others_have_theirs_of_the_same_accounts() -> None:
    account = AccountFactory()
    for of in (account, account, None, None):
        CalendarFeedFactory(account=of)

    assert CalendarFeed.objects.count() == 4


def test_a_feed_goes_with_its_owner_and_with_its_account() -> None:
    of_somebody, of_an_account, of_others = CalendarFeedFactory(), CalendarFeedFactory(), CalendarFeedFactory()

    of_somebody.owner.delete()
    of_an_account.account.delete()

    assert list(CalendarFeed.objects.all()) == [of_others]
