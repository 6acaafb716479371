"""Roles: held in person or through a group, on one account, and gone when they are taken."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from guardian.models import GroupObjectPermission, UserObjectPermission
from pytest_django import DjangoAssertNumQueries

from django_report_scheduling.access.models import AccountGroupPermission, AccountUserPermission
from django_report_scheduling.access.roles import (
    accounts_managed_by,
    accounts_visible_to,
    administrators,
    grant,
    is_administrator,
    people_with_role,
    revoke,
)
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import Role
from tests.factories import AccountFactory, UserFactory

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("through_group", [False, True], ids=["in person", "through a group"])


def holder_of(user: Any, through_group: bool) -> Any:
    """The user, or a new group the user is in."""
    if not through_group:
        return user
    group = Group.objects.create(name=f"Group of {user}")
    user.groups.add(group)
    return group


def reloaded(user: Any) -> Any:
    """The user as the next request sees it."""
    return get_user_model().objects.get(pk=user.pk)


def administer_permission() -> Permission:
    return Permission.objects.get(codename="administer_reports", content_type__app_label="report_scheduling")


@BOTH
@pytest.mark.parametrize(("role", "manages"), [(Role.ACCOUNT_MANAGER, True), (Role.CLIENT, False)])
def test_a_manager_sees_and_manages_and_a_client_sees(role: Role, manages: bool, through_group: bool) -> None:
    account, other = AccountFactory.create_batch(2)
    user = UserFactory()
    grant(account=account, holder=holder_of(user, through_group), role=role)

    assert list(accounts_visible_to(user)) == [account]
    assert list(accounts_managed_by(user)) == ([account] if manages else [])
    assert list(people_with_role(account)) == [user]
    assert not people_with_role(other).exists()


def test_who_holds_nothing_sees_nothing() -> None:
    AccountFactory()

    assert not accounts_visible_to(UserFactory()).exists()


def test_an_anonymous_user_sees_nothing() -> None:
    AccountFactory()

    assert not accounts_visible_to(AnonymousUser()).exists()
    assert not is_administrator(AnonymousUser())


@BOTH
def test_a_role_that_is_given_twice_is_held_once(through_group: bool) -> None:
    account, user = AccountFactory(), UserFactory()
    holder = holder_of(user, through_group)
    for _ in range(2):
        grant(account=account, holder=holder, role=Role.ACCOUNT_MANAGER)

    assert list(accounts_visible_to(user)) == [account]
    assert list(people_with_role(account)) == [user]
    assert AccountUserPermission.objects.count() + AccountGroupPermission.objects.count() == 2


def test_a_role_that_is_held_twice_over_counts_once() -> None:
    account, user = AccountFactory(), UserFactory()
    grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
    for _ in range(2):
        group = Group.objects.create(name=f"g{_}")
        user.groups.add(group)
        grant(account=account, holder=group, role=Role.CLIENT)

    assert list(accounts_visible_to(user)) == [account]
    assert list(people_with_role(account)) == [user]


@BOTH
def test_revoking_takes_every_role_on_that_account_alone(through_group: bool) -> None:
    account, other = AccountFactory.create_batch(2)
    user = UserFactory()
    holder = holder_of(user, through_group)
    grant(account=account, holder=holder, role=Role.ACCOUNT_MANAGER)
    grant(account=other, holder=holder, role=Role.CLIENT)

    revoke(account=account, holder=holder)

    assert list(accounts_visible_to(user)) == [other]
    assert not people_with_role(account).exists()


def test_revoking_what_is_not_held_changes_nothing() -> None:
    account, user = AccountFactory(), UserFactory()

    revoke(account=account, holder=user)

    assert not accounts_visible_to(user).exists()


@pytest.mark.parametrize("field", ["is_superuser", "permission", "group"])
def test_an_administrator_sees_and_manages_every_account(field: str) -> None:
    accounts = AccountFactory.create_batch(2)
    user = UserFactory(is_superuser=field == "is_superuser")
    if field == "permission":
        user.user_permissions.add(administer_permission())
    if field == "group":
        holder_of(user, through_group=True).permissions.add(administer_permission())

    assert is_administrator(user)
    assert set(accounts_managed_by(user)) == set(accounts)
    assert list(administrators()) == [user]


def test_an_administrator_who_is_inactive_is_none() -> None:
    AccountFactory()
    user = UserFactory(is_superuser=True, is_active=False)

    assert not is_administrator(user)
    assert not accounts_visible_to(user).exists()
    assert not administrators().exists()


def test_an_administrator_in_several_ways_is_listed_once() -> None:
    user = UserFactory(is_superuser=True)
    user.user_permissions.add(administer_permission())
    for number in range(2):
        group = Group.objects.create(name=f"g{number}")
        group.permissions.add(administer_permission())
        user.groups.add(group)

    assert list(administrators()) == [user]


def test_administrators_holds_no_role_and_is_no_recipient_by_that() -> None:
    UserFactory(is_superuser=True)

    assert not people_with_role(AccountFactory()).exists()


@BOTH
@pytest.mark.parametrize("codename", ["view_reports", "manage_reports"])
def test_attack_091_a_permission_on_the_model_grants_no_account(codename: str, through_group: bool) -> None:
    account, user = AccountFactory(), UserFactory()
    permission = Permission.objects.get(codename=codename, content_type__app_label="report_scheduling")
    if through_group:
        holder_of(user, through_group=True).permissions.add(permission)
    else:
        user.user_permissions.add(permission)
    user = reloaded(user)
    assert user.has_perm(f"report_scheduling.{codename}")

    assert not accounts_visible_to(user).exists()
    assert not accounts_managed_by(user).exists()
    assert not people_with_role(account).exists()


def test_attack_091_a_client_does_not_manage() -> None:
    account, user = AccountFactory(), UserFactory()
    grant(account=account, holder=user, role=Role.CLIENT)

    assert not accounts_managed_by(user).exists()


@BOTH
def test_attack_092_a_deleted_account_takes_its_roles_along(through_group: bool) -> None:
    account, user = AccountFactory(), UserFactory()
    grant(account=account, holder=holder_of(user, through_group), role=Role.ACCOUNT_MANAGER)
    key = account.pk

    account.delete()
    AccountFactory(pk=key)

    assert not AccountUserPermission.objects.exists()
    assert not AccountGroupPermission.objects.exists()
    assert not accounts_visible_to(reloaded(user)).exists()


@BOTH
def test_attack_092_a_deleted_user_or_group_takes_its_roles_along(through_group: bool) -> None:
    account, user = AccountFactory(), UserFactory()
    holder = holder_of(user, through_group)
    grant(account=account, holder=holder, role=Role.ACCOUNT_MANAGER)
    key = holder.pk

    holder.delete()
    Group.objects.create(pk=key, name="new") if through_group else UserFactory(pk=key)

    assert not people_with_role(account).exists()


def test_attack_092_no_role_is_kept_as_a_generic_permission() -> None:
    account = AccountFactory()
    grant(account=account, holder=UserFactory(), role=Role.CLIENT)
    grant(account=account, holder=Group.objects.create(name="g"), role=Role.CLIENT)

    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()


def test_attack_093_leaving_a_group_takes_effect_at_once() -> None:
    account, user = AccountFactory(), UserFactory()
    group = holder_of(user, through_group=True)
    grant(account=account, holder=group, role=Role.ACCOUNT_MANAGER)
    assert accounts_visible_to(user).exists()

    user.groups.remove(group)

    assert not accounts_visible_to(user).exists()
    assert not people_with_role(account).exists()


@BOTH
def test_attack_093_a_role_that_is_taken_is_gone_at_once(through_group: bool) -> None:
    account, user = AccountFactory(), UserFactory()
    holder = holder_of(user, through_group)
    grant(account=account, holder=holder, role=Role.CLIENT)
    assert accounts_visible_to(user).exists()

    revoke(account=account, holder=holder)

    assert not accounts_visible_to(user).exists()


@BOTH
def test_attack_093_a_deactivated_user_holds_nothing(through_group: bool) -> None:
    account, user = AccountFactory(), UserFactory()
    grant(account=account, holder=holder_of(user, through_group), role=Role.ACCOUNT_MANAGER)
    get_user_model().objects.update(is_active=False)
    user = reloaded(user)

    assert not accounts_visible_to(user).exists()
    assert not accounts_managed_by(user).exists()
    assert not people_with_role(account).exists()


def test_attack_093_an_administrator_who_loses_the_permission_is_none_in_the_next_request() -> None:
    AccountFactory()
    user = UserFactory()
    user.user_permissions.add(administer_permission())
    assert is_administrator(user)

    user.user_permissions.clear()

    assert not is_administrator(reloaded(user))
    assert not administrators().exists()


def test_accounts_are_found_in_one_query_whatever_their_number(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    user = UserFactory()
    for account in AccountFactory.create_batch(5):
        grant(account=account, holder=user, role=Role.CLIENT)
    user = reloaded(user)
    is_administrator(user)  # asked once per request

    with django_assert_num_queries(1):
        assert len(accounts_visible_to(user)) == 5


def test_people_are_found_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    account = AccountFactory()
    for user in UserFactory.create_batch(5):
        grant(account=account, holder=holder_of(user, through_group=True), role=Role.CLIENT)

    with django_assert_num_queries(1):
        assert len(people_with_role(account)) == 5


def test_an_account_model_without_the_permissions_is_told_the_fix() -> None:
    Permission.objects.filter(codename="manage_reports").delete()

    with pytest.raises(
        ImproperlyConfigured, match=r"report_scheduling\.Account has no permissions .*AbstractAccount\.Meta"
    ):
        grant(account=AccountFactory(), holder=UserFactory(), role=Role.ACCOUNT_MANAGER)


def test_the_tables_of_roles_point_to_the_account() -> None:
    table = get_account_model()._meta.db_table
    for model in (AccountUserPermission, AccountGroupPermission):
        with connection.cursor() as cursor:
            relations = connection.introspection.get_relations(cursor, model._meta.db_table)
        assert relations["content_object_id"][1] == table


@BOTH
def test_attack_093_a_deactivated_administrator_is_none(through_group: bool) -> None:
    user = UserFactory(is_active=False)
    holder = holder_of(user, through_group)
    (holder.permissions if through_group else holder.user_permissions).add(administer_permission())
    UserFactory(is_superuser=True, is_active=False)

    assert not administrators().exists()


def test_people_and_administrators_can_be_ordered_counted_and_asked_for_more() -> None:
    account, user = AccountFactory(), UserFactory(is_superuser=True, email="a@people.example")
    grant(account=account, holder=holder_of(user, through_group=True), role=Role.CLIENT)

    for people in (people_with_role(account), administrators()):
        assert list(people.exclude(email="").order_by("-pk").values_list("email", flat=True)) == [user.email]
        assert people.count() == 1


@pytest.mark.slow
def test_people_with_a_role_are_found_without_reading_every_user() -> None:
    """PostgreSQL tells its plan; 20,000 users are enough for it to prefer an index to the whole table."""
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL's plans are read here.")
    model = get_user_model()
    model.objects.bulk_create([model(username=f"many{number}") for number in range(20_000)])
    account = AccountFactory()
    for through_group in (False, True):
        grant(account=account, holder=holder_of(UserFactory(), through_group), role=Role.CLIENT)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

    assert f"Seq Scan on {model._meta.db_table} " not in people_with_role(account).explain()
    assert people_with_role(account).count() == 2
