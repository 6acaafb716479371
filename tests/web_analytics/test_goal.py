from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.contrib.web_analytics.models import Goal
from django_report_scheduling.contrib.web_analytics.path_pattern import path_pattern_regex, validate_path_pattern
from django_report_scheduling.models import Account
from tests.web_analytics.factories import GoalFactory


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/done", "/done", True),
        ("/done", "/done/", False),
        ("/done", "/a/done", False),
        ("/shop/*", "/shop/", True),
        ("/shop/*", "/shop/a/b", True),
        ("/shop/*", "/shop", False),
        ("*/done", "/a/b/done", True),
        ("/a.c", "/abc", False),
        ("/a**b", "/a-b", True),
    ],
)
def test_a_star_stands_for_any_text(pattern: str, path: str, matches: bool) -> None:
    assert bool(re.search(path_pattern_regex(pattern), path)) is matches


@given(st.text("/abc.-()[]{}+^$|\\*", max_size=20))
def test_no_other_character_means_anything(text: str) -> None:
    assert re.search(path_pattern_regex("/" + text), "/" + text)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("done", "does not begin with “/”"),
        ("https://example.com/done", "does not begin with “/”"),
        ("/done?x=1", "paths are matched without query"),
        ("/a b", "contains a space"),
    ],
)
def test_a_pattern_that_nothing_matches_is_refused(pattern: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        validate_path_pattern(pattern)


@pytest.mark.parametrize("pattern", ["/", "/done", "/shop/*/done", "*.pdf", "/käse"])
def test_a_path_is_accepted(pattern: str) -> None:
    validate_path_pattern(pattern)


def test_a_goal_refuses_a_wrong_pattern_with_a_message(account: Account) -> None:
    with pytest.raises(ValidationError) as raised:
        Goal(account=account, key="a", name="A", path_pattern="thank-you").full_clean()

    assert "path_pattern" in raised.value.message_dict


def test_the_database_refuses_a_pattern_that_is_no_path(account: Account) -> None:
    with pytest.raises(IntegrityError):
        GoalFactory.create(account=account, path_pattern="thank-you")


def test_a_key_belongs_to_one_goal_of_an_account(account: Account) -> None:
    GoalFactory.create(account=account, key="order")
    GoalFactory.create(key="order")

    with pytest.raises(IntegrityError):
        GoalFactory.create(account=account, key="order")


def test_goals_go_with_their_account(account: Account) -> None:
    GoalFactory.create(account=account)
    account.delete()

    assert not Goal.objects.exists()


def test_goals_are_in_the_admin(account: Account) -> None:
    assert admin.site.is_registered(Goal)
    assert str(GoalFactory.create(account=account, name="Order")) == "Order"
