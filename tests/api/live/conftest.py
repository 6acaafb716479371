"""A server that answers on a socket, with the rows of two accounts and people who log in with a password."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from celery import Celery, _state
from django.contrib.auth.hashers import make_password
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role
from django_report_scheduling.conf import DEFAULT_CHANNELS
from tests.api.world.holdings import Holdings, holdings
from tests.celery_app import app
from tests.factories import CalendarFeedFactory, UserFactory

PASSWORD = "only for the test suite"


@dataclass(frozen=True)
class Site:
    """A running host. ``alpha`` is the account its people have to do with, ``bravo`` the foreign one."""

    url: str
    alpha: Holdings
    bravo: Holdings


@pytest.fixture
def eager_celery() -> Iterator[None]:
    """Let every thread run its tasks at once, instead of sending them to a broker."""
    host = Celery("host", broker="memory://", set_as_current=False)
    host.conf.task_always_eager = True
    default = _state.default_app
    host.set_current()
    host.set_default()
    yield
    _state.set_default_app(default)
    app.set_current()


@pytest.fixture
def receivers_that_answer(settings: Settings) -> None:
    """Let webhooks go nowhere: what somebody makes up for a URL is not asked for."""
    scripted = {"BACKEND": "tests.webhook_channel.ScriptedChannel"}
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "CHANNELS": {**DEFAULT_CHANNELS, "webhook": scripted},
    }


@pytest.fixture
def site(
    live_server: LiveServer,
    sample_report: object,
    eager_celery: None,
    receivers_that_answer: None,
    caplog: pytest.LogCaptureFixture,
) -> Site:
    """Start the server, and fill it."""
    caplog.set_level(logging.ERROR, logger="django.request")  # what it refuses is in the answers
    alpha, bravo = holdings("alpha"), holdings("bravo")
    for role in Role:
        user = UserFactory(
            username=role.value, email=f"{role}@customer.alpha.example", password=make_password(PASSWORD)
        )
        grant(account=alpha.account, holder=user, role=role)
        CalendarFeedFactory(owner=user, account=None)
    admin = UserFactory(username="admin", is_superuser=True, password=make_password(PASSWORD))
    CalendarFeedFactory(owner=admin, account=None)
    return Site(url=live_server.url, alpha=alpha, bravo=bravo)
