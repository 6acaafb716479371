"""Endpoints over HTTP: list, set up, change and delete."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from django_report_scheduling.models import AbstractAccount, Delivery, WebhookEndpoint
from django_report_scheduling.services.webhooks.secrets import signing_secrets
from django_report_scheduling.tasks import publishing
from tests.api.webhooks.conftest import As
from tests.factories import NOW, AccountFactory, WebhookEndpointFactory

URL = "/api/v1/webhooks/"
FIELDS = {"url": "https://hooks.customer.example/in", "events": ["report.succeeded"]}

pytestmark = pytest.mark.django_db


def body(account: AbstractAccount, **fields: Any) -> dict[str, Any]:
    return {"account": str(account.pk), **FIELDS, **fields}


def test_a_manager_sets_one_up_and_sees_its_secret_once(api: As, manager: Any, account: AbstractAccount) -> None:
    created = api(manager).post(URL, body(account, description="Billing"), format="json")

    assert created.status_code == 201
    assert created["Cache-Control"] == "no-store"
    shown = created.json()
    endpoint = WebhookEndpoint.objects.get()
    assert created["Location"].endswith(f"{URL}{endpoint.pk}")
    assert [secret.reveal() for secret in signing_secrets(endpoint, now=NOW)] == [shown.pop("secret")]
    assert api(manager).get(created["Location"]).json() == shown
    assert (shown["state"], shown["active"], shown["created_by"]) == ("pending", False, str(manager.pk))


def test_attack_037_no_other_answer_holds_the_secret(api: As, manager: Any, account: AbstractAccount) -> None:
    created = api(manager).post(URL, body(account), format="json").json()
    address = f"{URL}{created['id']}/"

    answers = [
        api(manager).get(URL),
        api(manager).get(address),
        api(manager).patch(address, {"description": "new"}, format="json"),
        api(manager).options(address),
        api(manager).post(f"{address}ping/"),
        api(manager).get(f"{address}deliveries/"),
        api(manager).post(f"{address}reactivate/"),
        api(manager).patch(address, {"url": "https://other.example/"}, format="json"),
        api(manager).post(f"{address}rotate-secret/"),
        api(manager).delete(address),
    ]

    for answer in answers:
        assert created["secret"] not in answer.content.decode()
        assert 'previous_secret"' not in answer.content.decode()


def test_another_host_shows_its_fresh_secret(api: As, manager: Any, account: AbstractAccount) -> None:
    endpoint = WebhookEndpointFactory(account=account)

    moved = api(manager).patch(f"{URL}{endpoint.pk}/", {"url": "https://other.example/"}, format="json")

    endpoint.refresh_from_db()
    assert moved["Cache-Control"] == "no-store"
    assert [moved.json()["secret"]] == [secret.reveal() for secret in signing_secrets(endpoint, now=NOW)]


def test_a_manager_sees_the_endpoints_of_the_accounts_they_manage(
    api: As, manager: Any, account: AbstractAccount
) -> None:
    mine = WebhookEndpointFactory.create_batch(2, account=account)
    WebhookEndpointFactory()

    listed = api(manager).get(URL).json()["results"]

    assert {row["id"] for row in listed} == {str(endpoint.pk) for endpoint in mine}


def test_attack_087_the_list_filters_by_known_names_only(api: As, manager: Any, account: AbstractAccount) -> None:
    WebhookEndpointFactory(account=account)
    pending = WebhookEndpointFactory(account=account, state="pending")

    found = api(manager).get(URL, {"state": "pending", "account": str(account.pk)}).json()["results"]

    assert [row["id"] for row in found] == [str(pending.pk)]
    assert api(manager).get(URL, {"secret": "x"}).status_code == 400
    assert api(manager).get(URL, {"state": "x"}).status_code == 400


def test_the_list_takes_the_same_number_of_queries_for_many(
    api: As, manager: Any, account: AbstractAccount, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(50) as captured:
            api(manager).get(URL)
        return len(captured)

    WebhookEndpointFactory(account=account)
    one = queries()
    WebhookEndpointFactory.create_batch(7, account=account)
    assert queries() == one


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_attack_086_others_get_the_same_404_as_for_a_missing_or_malformed_id(
    api: As, viewer: Any, outsider: Any, account: AbstractAccount, method: str
) -> None:
    hidden = WebhookEndpointFactory(account=account).pk
    answers = [
        getattr(api(person), method)(f"{URL}{key}/", format="json")
        for person in (viewer, outsider)
        for key in (hidden, uuid.uuid4(), "none")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert WebhookEndpoint.objects.count() == 1


def test_a_client_of_the_account_may_not_set_one_up(api: As, viewer: Any, account: AbstractAccount) -> None:
    assert api(viewer).post(URL, body(account), format="json").status_code == 403


def test_attack_088_an_account_that_one_does_not_see_is_as_one_that_is_missing(
    api: As, outsider: Any, account: AbstractAccount
) -> None:
    missing = AccountFactory()
    key = missing.pk
    missing.delete()

    answers = [
        api(outsider).post(URL, {**body(account), "account": str(each)}, format="json") for each in (account.pk, key)
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content


def test_nobody_in_particular_is_asked_to_log_in(api: As, db: None) -> None:
    assert api(None).get(URL).status_code == 401


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"url": "http://a.example/"}, "url"),
        ({"url": 5}, "url"),
        ({"url": "https://a.example/" + "x" * 3000}, "url"),
        ({"events": ["x"]}, "events"),
        ({"events": "report.succeeded"}, "events"),
        ({"events": ["report.failed"] * 100}, "events"),
        ({"headers": {"Host": "evil"}}, "headers"),
    ],
)
def test_attack_027_what_is_not_valid_or_not_offered_is_refused_at_its_field(
    api: As, manager: Any, account: AbstractAccount, fields: dict[str, Any], at: str
) -> None:
    answer = api(manager).post(URL, body(account, **fields), format="json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [at]
    assert not WebhookEndpoint.objects.exists()


def test_attack_089_what_only_the_system_sets_is_passed_over(api: As, manager: Any, account: AbstractAccount) -> None:
    endpoint = WebhookEndpointFactory(account=account, consecutive_failures=5)

    answer = api(manager).patch(
        f"{URL}{endpoint.pk}/", {"consecutive_failures": 0, "state": "active", "created_by": "1"}, format="json"
    )

    assert answer.status_code == 200
    endpoint.refresh_from_db()
    assert endpoint.consecutive_failures == 5


def test_attack_089_a_webhook_stays_with_its_account(api: As, manager: Any, account: AbstractAccount) -> None:
    endpoint = WebhookEndpointFactory(account=account)

    moved = api(manager).patch(f"{URL}{endpoint.pk}/", {"account": str(AccountFactory().pk)}, format="json")
    same = api(manager).patch(f"{URL}{endpoint.pk}/", {"account": str(account.pk)}, format="json")

    assert (moved.status_code, same.status_code) == (400, 200)


def test_attack_051_the_eleventh_is_a_conflict(api: As, manager: Any, account: AbstractAccount) -> None:
    WebhookEndpointFactory.create_batch(10, account=account)

    answer = api(manager).post(URL, body(account), format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "limit_reached")


def test_a_deleted_one_is_gone(api: As, manager: Any, account: AbstractAccount) -> None:
    endpoint = WebhookEndpointFactory(account=account)

    assert api(manager).delete(f"{URL}{endpoint.pk}").status_code == 204
    assert api(manager).get(f"{URL}{endpoint.pk}").status_code == 404


def test_it_is_not_replaced_as_a_whole(api: As, manager: Any, account: AbstractAccount) -> None:
    endpoint = WebhookEndpointFactory(account=account)

    assert api(manager).put(f"{URL}{endpoint.pk}/", body(account), format="json").status_code == 405


def test_attack_054_without_a_broker_the_ping_waits_in_the_database(
    api: As,
    manager: Any,
    account: AbstractAccount,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def away(*_arguments: Any) -> Any:
        raise OSError

    monkeypatch.setattr(publishing, "bounded_producer", away)
    monkeypatch.setattr(publishing, "broker_errors", lambda: (OSError,))

    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        created = api(manager).post(URL, body(account), format="json")

    assert callbacks
    assert created.status_code == 201
    assert Delivery.objects.get(event="webhook.ping").status == "pending"
