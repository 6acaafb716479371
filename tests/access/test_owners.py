"""Who may own a schedule, asked for many at once, is who manages the account or administers all."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from pytest_django import DjangoAssertNumQueries

from django_report_scheduling.access.owners import may_own, unfit_owners
from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.choices import Role
from tests.factories import AccountFactory, UserFactory

pytestmark = pytest.mark.django_db


def in_person(user: Any, account: Any) -> None:
    grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)


def through_a_group(user: Any, account: Any) -> None:
    group = Group.objects.create(name="managers")
    group.user_set.add(user)
    grant(account=account, holder=group, role=Role.ACCOUNT_MANAGER)


def as_superuser(user: Any, account: Any) -> None:
    user.is_superuser = True
    user.save()


def as_administrator(user: Any, account: Any) -> None:
    user.user_permissions.add(Permission.objects.get(codename="administer_reports"))


def as_client(user: Any, account: Any) -> None:
    grant(account=account, holder=user, role=Role.CLIENT)


def on_another_account(user: Any, account: Any) -> None:
    grant(account=AccountFactory(), holder=user, role=Role.ACCOUNT_MANAGER)


def no_longer(user: Any, account: Any) -> None:
    in_person(user, account)
    revoke(account=account, holder=user)


def nothing(user: Any, account: Any) -> None:
    pass


@pytest.mark.parametrize("role", [in_person, through_a_group, as_superuser, as_administrator])
def test_managers_and_administrators_may(role: Any) -> None:
    user, account = UserFactory(), AccountFactory()
    role(user, account)

    assert may_own(user.pk, account.pk)

    user.is_active = False
    user.save()
    assert unfit_owners({(user.pk, account.pk)}).inactive == {user.pk}


@pytest.mark.parametrize("role", [as_client, on_another_account, no_longer, nothing])
def test_nobody_else_may(role: Any) -> None:
    user, account = UserFactory(), AccountFactory()
    role(user, account)

    unfit = unfit_owners({(user.pk, account.pk)})

    assert unfit.without_role == {(user.pk, account.pk)}
    assert not unfit.inactive
    assert not may_own(user.pk, account.pk)


def test_a_role_of_one_and_an_account_of_another_do_not_add_up() -> None:
    first, second = UserFactory(), UserFactory()
    one, other = AccountFactory(), AccountFactory()
    in_person(first, one)
    through_a_group(second, other)

    unfit = unfit_owners({(first.pk, one.pk), (first.pk, other.pk), (second.pk, one.pk), (second.pk, other.pk)})

    assert unfit.without_role == {(first.pk, other.pk), (second.pk, one.pk)}


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(
    number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ownerships = {(UserFactory().pk, AccountFactory().pk) for _ in range(number)}

    with django_assert_max_num_queries(5):
        assert unfit_owners(ownerships).without_role == ownerships


def test_nobody_to_ask_about_costs_nothing(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(0):
        assert not unfit_owners(set()).inactive
