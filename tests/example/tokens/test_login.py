"""Logging in: who may, what the answer tells, and how often it can be tried."""

from __future__ import annotations

from typing import Any
from unittest import mock
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client, override_settings
from tokens.models import TokenFamily
from tokens.throttles import AddressThrottle, NameThrottle

from tests.example.tokens.conftest import PASSWORD, ApiClient
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def within_a_minute() -> Any:
    """Time stands still, so that no test sees one minute of counting end."""
    with time_machine.travel("2026-03-02T07:00:30Z", tick=False) as traveller:
        yield traveller


def test_name_and_password_give_a_pair_that_opens_the_api(api: ApiClient, person: Any) -> None:
    answer = api.log_in("bob")

    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh"}
    assert "no-store" in answer["Cache-Control"]
    assert api.who_am_i(answer.json()["access"]).json() == {"username": "bob"}
    person.refresh_from_db()
    assert person.last_login is not None


def test_a_form_will_do_as_well_as_json(person: Any) -> None:
    form = urlencode({"username": "bob", "password": PASSWORD})
    answer = Client().post("/api/token/", form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200


def test_no_token_is_kept_in_the_database(pair: dict[str, str]) -> None:
    kept = " ".join(str(value) for value in TokenFamily.objects.values_list().get())
    signatures = [token.rpartition(".")[2] for token in pair.values()]
    assert [signature for signature in signatures if signature in kept] == []


def test_attack_099_the_answer_does_not_tell_whether_there_is_such_a_user(api: ApiClient, person: Any) -> None:
    gone = UserFactory(username="gone", is_active=False)
    gone.set_password(PASSWORD)
    gone.save()
    tries = {"unknown": ("nobody", PASSWORD), "wrong": ("bob", "guess"), "inactive": ("gone", PASSWORD)}
    encode = MD5PasswordHasher.encode  # before it is replaced
    answers, work = {}, {}
    for case, (username, password) in tries.items():
        with mock.patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=encode) as hashed:
            answer = api.log_in(username, password)
        answers[case] = (answer.status_code, answer.content, sorted(answer.headers.items()))
        work[case] = hashed.call_count

    assert answers["unknown"][0] == 401
    assert answers["unknown"] == answers["wrong"] == answers["inactive"]
    assert work == {"unknown": 1, "wrong": 1, "inactive": 1}
    assert "Bearer" in answer["WWW-Authenticate"]


@pytest.mark.parametrize(
    "body",
    [{}, {"username": "bob"}, {"username": ["bob"], "password": PASSWORD}, {"username": "b\0b", "password": "x"}, []],
    ids=["nothing", "no password", "a list for a name", "NUL", "not an object"],
)
def test_what_is_no_name_and_password_is_refused(api: ApiClient, person: Any, body: Any) -> None:
    assert api.post("", body).status_code == 400


def test_a_body_that_is_nested_without_end_is_refused(api: ApiClient) -> None:
    answer = api.http.post("/api/token/", b"[" * 200_000, content_type="application/json")

    assert answer.status_code == 400


def test_attack_106_a_spelling_that_counts_as_another_name_does_not_log_in(
    api: ApiClient, person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some databases find ``bob`` by ``b\u00f6b``, for which the tries were counted apart."""
    monkeypatch.setattr("tokens.views.authenticate", lambda *args, **more: person)

    assert api.log_in("b\u00f6b").status_code == 401
    assert api.log_in("bob").status_code == 200


def test_attack_106_guessing_one_account_is_stopped_whatever_the_headers_claim(
    api: ApiClient, person: Any, within_a_minute: Any
) -> None:
    claims = [f"198.51.100.{n}" for n in range(NameThrottle.most + 1)]

    tries = [api.log_in("bob", "guess", HTTP_X_FORWARDED_FOR=claim) for claim in claims]

    assert [answer.status_code for answer in tries] == [401] * NameThrottle.most + [429]
    refused = api.log_in("bob")
    assert (refused.status_code, refused["Retry-After"]) == (429, "30")


def test_attack_106_another_spelling_of_the_name_or_another_machine_is_no_way_round(
    api: ApiClient, person: Any, within_a_minute: Any
) -> None:
    spellings = ["bob", "BOB", " bob", "bob ", "ｂｏｂ"] * 2
    for n, name in enumerate(spellings):
        assert api.log_in(name, "guess", REMOTE_ADDR=f"198.51.100.{n}").status_code == 401

    assert api.log_in("bob", REMOTE_ADDR="203.0.113.9").status_code == 429


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8:1:2::{n:x}"], ids=["IPv4", "IPv6, one network"])
def test_attack_106_trying_many_accounts_from_one_place_is_stopped(
    api: ApiClient, within_a_minute: Any, address: str
) -> None:
    tries = [
        api.log_in(f"user{n}", "guess", REMOTE_ADDR=address.format(n=n + 1), HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
        for n in range(AddressThrottle.most + 1)
    ]
    assert [answer.status_code for answer in tries] == [401] * AddressThrottle.most + [429]


def test_an_ipv4_address_written_as_ipv6_stands_for_itself_alone(api: ApiClient, within_a_minute: Any) -> None:
    addresses = [f"::ffff:198.51.100.{n}" for n in range(AddressThrottle.most + 1)]
    tries = [api.log_in(f"user{n}", "guess", REMOTE_ADDR=address) for n, address in enumerate(addresses)]
    assert {answer.status_code for answer in tries} == {401}


def test_attack_106_behind_a_proxy_of_ours_only_what_it_wrote_counts(api: ApiClient, within_a_minute: Any) -> None:
    with override_settings(REST_FRAMEWORK={**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}):
        forged = [f"10.0.0.{n}, 198.51.100.7" for n in range(AddressThrottle.most + 1)]
        tries = [api.log_in(f"user{n}", "guess", HTTP_X_FORWARDED_FOR=claim) for n, claim in enumerate(forged)]
        elsewhere = api.log_in("user", "guess", HTTP_X_FORWARDED_FOR="10.0.0.1, 198.51.100.8")

    assert [answer.status_code for answer in tries] == [401] * AddressThrottle.most + [429]
    assert elsewhere.status_code == 401


def test_others_can_log_in_meanwhile_and_everybody_a_minute_later(
    api: ApiClient, person: Any, within_a_minute: Any
) -> None:
    for _ in range(NameThrottle.most + 1):
        api.log_in("bob", "guess")
    UserFactory(username="alice")

    assert api.log_in("alice", "guess").status_code == 401
    within_a_minute.shift(60)
    assert api.log_in("bob").status_code == 200
