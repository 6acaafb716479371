"""Refresh tokens: good once, for as long as their login is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import override_settings
from tokens.conf import token_settings
from tokens.models import RevokeReason, TokenFamily
from tokens.urls import urlpatterns

from tests.example.tokens.conftest import ApiClient

pytestmark = pytest.mark.django_db

GRACE = dt.timedelta(seconds=10)


def rotated_before(age: dt.timedelta) -> None:
    """Let the last refresh have happened earlier."""
    family = TokenFamily.objects.get()
    assert family.rotated_at is not None
    TokenFamily.objects.update(rotated_at=family.rotated_at - age)


def test_a_refresh_gives_a_new_pair_that_works(api: ApiClient, pair: dict[str, str]) -> None:
    answer = api.refresh(pair["refresh"])

    assert answer.status_code == 200
    assert answer.json()["refresh"] != pair["refresh"]
    assert api.who_am_i(answer.json()["access"]).status_code == 200
    assert api.refresh(answer.json()["refresh"]).status_code == 200


def test_attack_101_a_refresh_token_that_comes_again_ends_the_whole_login(api: ApiClient, pair: dict[str, str]) -> None:
    later = api.refresh(pair["refresh"]).json()
    rotated_before(GRACE)

    assert api.refresh(pair["refresh"]).status_code == 401
    assert TokenFamily.objects.get().revoke_reason == RevokeReason.REUSE
    assert api.refresh(later["refresh"]).status_code == 401
    assert api.who_am_i(later["access"]).status_code == 401


def test_attack_101_an_older_one_ends_it_even_right_after_a_refresh(api: ApiClient, pair: dict[str, str]) -> None:
    newest = api.refresh(api.refresh(pair["refresh"]).json()["refresh"]).json()

    assert api.refresh(pair["refresh"]).status_code == 401
    assert api.refresh(newest["refresh"]).status_code == 401


def test_attack_101_right_after_the_refresh_it_is_refused_and_nothing_else(
    api: ApiClient, pair: dict[str, str]
) -> None:
    later = api.refresh(pair["refresh"]).json()

    assert api.refresh(pair["refresh"]).status_code == 401
    assert api.refresh(later["refresh"]).status_code == 200


def test_another_login_of_the_same_user_goes_on(api: ApiClient, pair: dict[str, str]) -> None:
    other = api.log_in("bob").json()
    api.log_out(pair["refresh"])

    assert api.refresh(other["refresh"]).status_code == 200


def change_password(user: Any) -> None:
    user.set_password("another one")
    user.save()


def deactivate(user: Any) -> None:
    user.is_active = False
    user.save()


def delete(user: Any) -> None:
    user.delete()


@pytest.mark.parametrize("change", [change_password, deactivate, delete])
def test_attack_102_nothing_outlives_the_password_the_activity_or_the_user(
    api: ApiClient, person: Any, pair: dict[str, str], change: Any
) -> None:
    change(person)

    assert api.refresh(pair["refresh"]).status_code == 401
    assert api.who_am_i(pair["access"]).status_code == 401


def test_a_user_who_was_deactivated_and_came_back_need_not_log_in_again(
    api: ApiClient, person: Any, pair: dict[str, str]
) -> None:
    deactivate(person)
    assert api.refresh(pair["refresh"]).status_code == 401
    person.is_active = True
    person.save()

    assert api.refresh(pair["refresh"]).status_code == 200


def test_attack_105_after_logging_out_every_token_is_dead(api: ApiClient, pair: dict[str, str]) -> None:
    answer = api.log_out(pair["refresh"])

    assert (answer.status_code, answer.content) == (204, b"")
    assert api.refresh(pair["refresh"]).status_code == 401
    assert api.who_am_i(pair["access"]).status_code == 401
    assert api.log_out(pair["refresh"]).status_code == 204


def test_refreshing_does_not_put_off_the_end_of_a_login(api: ApiClient, pair: dict[str, str]) -> None:
    lifetime = token_settings().refresh_lifetime
    with time_machine.travel(dt.datetime.now(dt.UTC) + lifetime - dt.timedelta(minutes=1), tick=False) as traveller:
        last = api.refresh(pair["refresh"]).json()
        assert api.who_am_i(last["access"]).status_code == 200
        traveller.shift(60)
        assert api.refresh(last["refresh"]).status_code == 401
        assert api.who_am_i(last["access"]).status_code == 401


def test_an_access_token_lives_for_five_minutes(api: ApiClient, pair: dict[str, str]) -> None:
    now = dt.datetime.now(dt.UTC)
    with time_machine.travel(now + dt.timedelta(seconds=298), tick=False):
        assert api.who_am_i(pair["access"]).status_code == 200
    with time_machine.travel(now + dt.timedelta(seconds=301), tick=False):
        assert api.who_am_i(pair["access"]).status_code == 401


def test_a_rotated_secret_key_logs_nobody_out(api: ApiClient, pair: dict[str, str]) -> None:
    with override_settings(SECRET_KEY="the-next-one", SECRET_KEY_FALLBACKS=["only-for-the-test-suite"]):
        assert api.refresh(pair["refresh"]).status_code == 200


def test_the_end_of_a_family_is_not_undone_with_the_request(pair: dict[str, str]) -> None:
    """Hosts with ``ATOMIC_REQUESTS`` roll back what a request did that is answered with an error."""
    assert all("default" in route.callback._non_atomic_requests for route in urlpatterns)


def test_authenticating_a_request_takes_one_query(
    api: ApiClient, pair: dict[str, str], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert api.who_am_i(pair["access"]).status_code == 200
