"""A client of one account, with a calendar of it, and what is read from a calendar."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role
from django_report_scheduling.models import CalendarFeed
from tests.factories import NOW, AccountFactory, CalendarFeedFactory, UserFactory

BEFORE = NOW - dt.timedelta(hours=1)


@pytest.fixture
def account() -> Any:
    return AccountFactory(name="Acme")


@pytest.fixture
def client_user(account: Any) -> Any:
    user = UserFactory()
    grant(account=account, holder=user, role=Role.CLIENT)
    return user


@pytest.fixture
def feed(account: Any, client_user: Any) -> CalendarFeed:
    return CalendarFeedFactory(owner=client_user, account=account)
