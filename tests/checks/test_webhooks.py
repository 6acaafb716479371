"""Keys for webhooks without the libraries: said at start-up, and answered with 409 when somebody sets one up."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.api.callers import manager_of
from tests.extras_at_hand import WEBHOOKS
from tests.factories import AccountFactory

KEYS = {"SECRET_KEYS": ["k" * 32]}
LOUD = {"SILENCED_SYSTEM_CHECKS": []}


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dns", None)


def ids(messages: list[Any]) -> list[str]:
    return [message.id for message in messages if message.id.endswith("W008")]


@pytest.mark.usefixtures("no_library")
def test_keys_without_the_extra_are_a_warning_with_the_command_to_run(checked: Any) -> None:
    (message,) = [message for message in checked(KEYS, **LOUD) if message.id == "report_scheduling.W008"]

    assert "dns" in message.msg
    assert "pip install 'django-report-scheduling[webhooks]'" in message.hint


@pytest.mark.usefixtures("no_library")
@pytest.mark.parametrize("ours", [{}, {**KEYS, "CHANNELS": {}}, {"SECRET_KEYS": ["short"]}, {**KEYS, "CHANNELS": 7}])
def test_a_project_that_sends_none_or_has_other_faults_first_hears_nothing_of_it(checked: Any, ours: Any) -> None:
    assert ids(checked(ours, **LOUD)) == []


@pytest.mark.skipif(not WEBHOOKS, reason="needs the extra [webhooks]")
def test_with_the_extra_there_is_nothing_to_say(checked: Any) -> None:
    assert ids(checked(KEYS, **LOUD)) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("no_library")
def test_setting_a_webhook_up_without_the_extra_is_a_conflict(client: Client) -> None:
    account = AccountFactory()
    client.force_login(manager_of(account), backend="django.contrib.auth.backends.ModelBackend")
    wish = {"account": str(account.pk), "url": "https://a.example/", "events": ["report.failed"]}

    with override_settings(REPORT_SCHEDULING=KEYS):
        answer = client.post("/api/v1/webhooks/", wish, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert "django-report-scheduling[webhooks]" in answer.json()["detail"]
