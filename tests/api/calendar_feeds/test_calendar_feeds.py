"""Calendar feeds over the API: everybody their own, with an address that works."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from django_report_scheduling.access.roles import revoke
from django_report_scheduling.models import AuditEvent, CalendarFeed
from tests.api.callers import calling, client_of
from tests.extras import needs_calendar
from tests.factories import AccountFactory, UserFactory

pytestmark = pytest.mark.django_db

FEEDS = "/api/v1/calendar-feeds/"
HOST = "https://reports.example.org"


@pytest.fixture
def account() -> Any:
    return AccountFactory(name="Acme")


@pytest.fixture
def api(account: Any) -> APIClient:
    return calling(client_of(account, username="reader"))


def create(api: APIClient, **body: Any) -> Any:
    return api.post(FEEDS, body, format="json")


@needs_calendar
def test_a_client_sets_up_a_feed_and_its_address_works(api: APIClient, account: Any, client: Client) -> None:
    answer = create(api, account=str(account.pk))

    assert answer.status_code == 201
    body = answer.json()
    assert {**body, "id": 0, "url": "", "created_at": "", "updated_at": ""} == {
        "id": 0,
        "account": str(account.pk),
        "account_name": "Acme",
        "url": "",
        "created_at": "",
        "updated_at": "",
    }
    assert answer["Location"] == f"http://testserver{FEEDS}{body['id']}"
    calendar = client.get(body["url"].removeprefix(HOST))
    assert (calendar.status_code, calendar["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert b"X-WR-CALNAME:Reports: Acme\r\n" in calendar.content
    assert AuditEvent.objects.get().actor.username == "reader"


@needs_calendar
def test_one_of_all_accounts_is_asked_for_by_null(api: APIClient) -> None:
    body = create(api, account=None).json()

    assert (body["account"], body["account_name"]) == (None, None)


@needs_calendar
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "account"),
        ({"account": "no-id"}, "account"),
        ({"account": [1]}, "account"),
        ({"account": ""}, "account"),
        ({"account": None, "owner": 7}, "owner"),
        ({"account": None, "nonce": "x"}, "nonce"),
    ],
)
def test_a_body_that_says_something_else_is_refused(body: dict[str, Any], field: str, api: APIClient) -> None:
    answer = create(api, **body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert not CalendarFeed.objects.exists()


@needs_calendar
def test_attack_089_the_address_is_never_the_caller_s_choice(api: APIClient) -> None:
    body = create(api, account=None, url="https://evil.example/").json()

    assert body["url"].startswith(f"{HOST}/reports/calendar/")


@needs_calendar
def test_attack_088_a_hidden_account_is_refused_as_a_missing_one(api: APIClient) -> None:
    hidden = AccountFactory()
    key = hidden.pk
    first = create(api, account=str(key))
    hidden.delete()

    assert (first.status_code, first.content) == (400, create(api, account=str(key)).content)


@needs_calendar
def test_who_holds_no_role_has_no_feed_of_all_accounts() -> None:
    answer = create(calling(UserFactory()), account=None)

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


@needs_calendar
def test_a_second_one_of_the_same_account_is_a_conflict(api: APIClient, account: Any) -> None:
    create(api, account=str(account.pk))

    answer = create(api, account=str(account.pk))

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


@needs_calendar
def test_the_limit_is_a_conflict(api: APIClient, account: Any, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "MAX_CALENDAR_FEEDS_PER_USER": 1}
    create(api, account=str(account.pk))

    answer = create(api, account=None)

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")


@needs_calendar
def test_renewing_answers_with_the_new_address_and_ends_the_old_one(
    api: APIClient, account: Any, client: Client
) -> None:
    before = create(api, account=str(account.pk)).json()

    after = api.post(f"{FEEDS}{before['id']}/renew/").json()

    assert after["id"] == before["id"]
    assert client.get(before["url"].removeprefix(HOST)).status_code == 404
    assert client.get(after["url"].removeprefix(HOST)).status_code == 200
    assert api.get(f"{FEEDS}{before['id']}/").json() == after


@needs_calendar
def test_a_renewal_takes_no_body(api: APIClient, account: Any) -> None:
    feed = create(api, account=str(account.pk)).json()

    assert api.post(f"{FEEDS}{feed['id']}/renew/", {"nonce": "x"}, format="json").status_code == 400


@needs_calendar
def test_a_deleted_feed_is_gone_with_its_address(api: APIClient, account: Any, client: Client) -> None:
    feed = create(api, account=str(account.pk)).json()

    assert api.delete(f"{FEEDS}{feed['id']}/").status_code == 204
    assert api.get(f"{FEEDS}{feed['id']}/").status_code == 404
    assert client.get(feed["url"].removeprefix(HOST)).status_code == 404


@needs_calendar
def test_no_answer_with_an_address_is_kept_on_the_way(api: APIClient, account: Any) -> None:
    created = create(api, account=str(account.pk))
    detail = f"{FEEDS}{created.json()['id']}/"

    for answer in (created, api.get(FEEDS), api.get(detail), api.post(f"{detail}renew/")):
        assert answer["Cache-Control"] == "no-store"


@needs_calendar
def test_a_feed_of_an_account_that_its_owner_does_not_see_any_more_can_be_deleted_and_does_not_name_it(
    api: APIClient, account: Any
) -> None:
    feed = create(api, account=str(account.pk)).json()
    revoke(account=account, holder=CalendarFeed.objects.get().owner)
    type(account)._default_manager.update(name="Renamed")
    detail = f"{FEEDS}{feed['id']}/"

    for answer in (api.get(FEEDS), api.get(detail), api.post(f"{detail}renew/")):
        assert answer.status_code == 200
        assert "Renamed" not in answer.content.decode()
    assert api.get(detail).json()["account_name"] is None
    assert api.delete(detail).status_code == 204


def test_without_the_extra_setting_one_up_is_a_conflict(
    api: APIClient, account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)

    answer = create(api, account=str(account.pk))

    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")
    assert "pip install 'django-report-scheduling[calendar]'" in answer.json()["detail"]
