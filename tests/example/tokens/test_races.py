"""Many requests with one token at the same moment, each in a thread with a database connection of its own."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import connection
from tokens import families
from tokens.models import TokenFamily
from tokens.signing import Claims
from tokens.throttles import NameThrottle

from tests.example.tokens.conftest import ApiClient

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 8


def race(*requests: Callable[[ApiClient], Any]) -> list[Any]:
    """Send the requests at the same moment; return the answers in their order."""
    start = threading.Barrier(len(requests))

    def send(request: Callable[[ApiClient], Any]) -> Any:
        client = ApiClient()
        connection.ensure_connection()
        start.wait()
        try:
            return request(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


@pytest.fixture
def all_have_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody write before everybody has found the token good: the worst that can happen."""
    everybody = threading.Barrier(RACERS)
    read = families._good_family

    def read_and_wait(claims: Claims, *, now: dt.datetime) -> TokenFamily:
        family = read(claims, now=now)
        everybody.wait(timeout=60)
        return family

    monkeypatch.setattr(families, "_good_family", read_and_wait)


def test_attack_100_of_parallel_refreshes_of_one_token_exactly_one_succeeds(
    api: ApiClient, pair: dict[str, str], all_have_read: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = race(*[lambda client: client.refresh(pair["refresh"])] * RACERS)

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (RACERS - 1)
    monkeypatch.undo()
    winner = next(answer.json() for answer in answers if answer.status_code == 200)
    assert api.refresh(winner["refresh"]).status_code == 200, "the losers must not have ended the login"


def test_attack_105_a_refresh_that_races_with_the_logout_gives_nothing_that_lives_on(
    api: ApiClient, pair: dict[str, str]
) -> None:
    refreshed, ended = race(
        lambda client: client.refresh(pair["refresh"]), lambda client: client.log_out(pair["refresh"])
    )

    assert ended.status_code == 204
    assert refreshed.status_code in {200, 401}
    if refreshed.status_code == 200:
        assert api.refresh(refreshed.json()["refresh"]).status_code == 401
        assert api.who_am_i(refreshed.json()["access"]).status_code == 401


@time_machine.travel("2026-03-02T07:00:30Z", tick=False)
def test_attack_106_parallel_guesses_are_counted_one_by_one(person: Any) -> None:
    answers = race(*[lambda client: client.log_in("bob", "guess")] * (NameThrottle.most * 2))

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * NameThrottle.most + [429] * NameThrottle.most


@pytest.mark.parametrize("turn", range(5))
def test_attack_102_tokens_that_race_with_the_deletion_of_their_user_are_refused(
    api: ApiClient, person: Any, pair: dict[str, str], turn: int
) -> None:
    *answers, _deleted = race(
        lambda client: client.refresh(pair["refresh"]),
        lambda client: client.who_am_i(pair["access"]),
        lambda _client: person.delete(),
    )

    assert all(answer.status_code in {200, 401} for answer in answers)
    assert not TokenFamily.objects.exists()
