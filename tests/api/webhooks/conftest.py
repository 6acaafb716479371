"""A manager, a client and an outsider of one account, and requests in their names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings
from rest_framework.test import APIClient

from django_report_scheduling.access import roles
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AbstractAccount
from tests.extras_at_hand import WEBHOOKS
from tests.factories import AccountFactory, UserFactory
from tests.webhook_channel import ScriptedChannel

collect_ignore_glob = [] if WEBHOOKS else ["test_*.py"]

As = Callable[[Any], APIClient]


@pytest.fixture(autouse=True)
def channels(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "CHANNELS": {"webhook": {"BACKEND": "tests.webhook_channel.ScriptedChannel"}},
    }
    ScriptedChannel.answers.clear()
    ScriptedChannel.sent.clear()


@pytest.fixture
def account(db: None) -> AbstractAccount:
    return AccountFactory()


@pytest.fixture
def manager(account: AbstractAccount) -> Any:
    person = UserFactory()
    roles.grant(account=account, holder=person, role=Role.ACCOUNT_MANAGER)
    return person


@pytest.fixture
def viewer(account: AbstractAccount) -> Any:
    person = UserFactory()
    roles.grant(account=account, holder=person, role=Role.CLIENT)
    return person


@pytest.fixture
def outsider(db: None) -> Any:
    person = UserFactory()
    roles.grant(account=AccountFactory(), holder=person, role=Role.ACCOUNT_MANAGER)
    return person


@pytest.fixture
def api() -> As:
    """Ask as somebody, who is loaded anew as with each request."""

    def as_person(person: Any) -> APIClient:
        client = APIClient()
        client.force_authenticate(person and type(person)._default_manager.get(pk=person.pk))
        return client

    return as_person
