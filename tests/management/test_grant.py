"""``grant`` gives and takes roles."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management.base import CommandError

from django_report_scheduling.access.roles import accounts_managed_by, accounts_visible_to
from django_report_scheduling.models import AuditEvent
from tests.factories import AccountFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    return AccountFactory(slug="acme")


@pytest.fixture
def bob():
    return UserFactory(username="bob", email="bob@acme.example")


def test_a_manager_manages_and_sees(run, account, bob):
    assert run("grant", "acme", "bob", "--role", "account_manager").out == "“bob” is account_manager of “acme”.\n"
    assert account in accounts_managed_by(bob)
    assert account in accounts_visible_to(bob)


def test_a_client_only_sees(run, account, bob):
    run("grant", "acme", "bob", "--role", "client")
    assert account not in accounts_managed_by(bob)
    assert account in accounts_visible_to(bob)


def test_the_account_may_be_named_by_its_key_and_the_user_by_the_mail_address(run, account, bob):
    run("grant", account.pk, "BOB@acme.example", "--role", "client")
    assert account in accounts_visible_to(bob)


def test_revoking_takes_every_role(run, account, bob):
    run("grant", "acme", "bob", "--role", "account_manager")
    assert run("grant", "acme", "bob", "--revoke").out == "“bob” no longer has a role on “acme”.\n"
    assert account not in accounts_visible_to(bob)


def test_a_group_can_hold_a_role(run, account, bob):
    bob.groups.add(Group.objects.create(name="sales"))
    run("grant", "acme", "--group", "sales", "--role", "client")
    assert account in accounts_visible_to(bob)


def test_a_role_can_be_taken_from_a_group(run, account, bob):
    bob.groups.add(Group.objects.create(name="sales"))
    run("grant", "acme", "--group", "sales", "--role", "account_manager")
    assert run("grant", "acme", "--group", "sales", "--revoke").out == "“sales” no longer has a role on “acme”.\n"
    assert account not in accounts_visible_to(bob)


def test_it_is_written_down(run, account, bob):
    run("grant", "acme", "bob", "--role", "client")
    assert AuditEvent.objects.get().verb == "role.granted"


def test_an_inactive_user_is_pointed_out(run, account):
    UserFactory(username="gone", is_active=False)
    assert "inactive" in run("grant", "acme", "gone", "--role", "client").err


@pytest.mark.parametrize("arguments", [[], ["bob", "--group", "sales"]])
def test_exactly_one_holder_is_wanted(run, account, bob, arguments: list[str]):
    with pytest.raises(CommandError, match="either a USER or a --group"):
        run("grant", "acme", *arguments, "--role", "client")


@pytest.mark.parametrize("arguments", [["--role", "boss"], [], ["--role", "client", "--revoke"]])
def test_exactly_one_known_role_is_wanted(run, account, bob, arguments: list[str]):
    with pytest.raises(CommandError, match="--role"):
        run("grant", "acme", "bob", *arguments)


@pytest.mark.parametrize("name", ["acm", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_account_lists_the_known_ones(run, account, bob, name: str):
    with pytest.raises(CommandError, match=f"no account '{name}'. Known are: acme."):
        run("grant", name, "bob", "--role", "client")


def test_at_most_ten_are_listed(run, bob):
    for number in range(11):
        AccountFactory(slug=f"acme-{number:02}")
    with pytest.raises(CommandError, match=r"acme-00.*acme-09, …[.]$"):
        run("grant", "x", "bob", "--role", "client")


def test_without_any_account_it_says_so(run, bob):
    with pytest.raises(CommandError, match="Known are: none at all"):
        run("grant", "acme", "bob", "--role", "client")


@pytest.mark.parametrize("name", ["rob", ""])
def test_an_unknown_user_lists_the_known_ones(run, account, bob, name: str):
    with pytest.raises(CommandError, match=r"no user with the name or mail address.*bob"):
        run("grant", "acme", name, "--role", "client")


def test_an_address_of_several_users_lists_their_names(run, account, bob):
    UserFactory(username="bobby", email="bob@acme.example")
    with pytest.raises(CommandError, match=r"Several users.*: bob, bobby"):
        run("grant", "acme", "bob@acme.example", "--role", "client")


def test_an_unknown_group_lists_the_known_ones(run, account):
    Group.objects.create(name="sales")
    with pytest.raises(CommandError, match=r"no group 'sale'. Known are: sales."):
        run("grant", "acme", "--group", "sale", "--role", "client")
