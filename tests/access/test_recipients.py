"""Which addresses may receive an account's reports."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from pytest_django import DjangoAssertNumQueries, Settings

from django_report_scheduling.access.recipients import allowed_recipients, is_same_address
from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.choices import Role
from tests.factories import AccountFactory, UserFactory

pytestmark = pytest.mark.django_db

POLICIES = "tests.access.recipient_policies"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("client@customer.example", True),
        ("Client@CUSTOMER.example", True),
        ("client@sub.customer.example", False),
        ("client@notcustomer.example", False),
        ("client@customer.example.evil.example", False),
        ("client@customer.exampl", False),
        ("client@", False),
        ("customer.example", False),
        ("", False),
    ],
)
def test_a_domain_stands_for_itself_alone(address: str, allowed: bool) -> None:
    account = AccountFactory(allowed_recipient_domains=["customer.example"])

    assert (allowed_recipients(account, [address]) == {address}) is allowed


def test_a_domain_with_capitals_from_a_fixture_works() -> None:
    account = AccountFactory(allowed_recipient_domains=["Customer.Example"])

    assert allowed_recipients(account, ["a@customer.example"]) == {"a@customer.example"}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("through_group", [False, True])
def test_people_with_a_role_are_allowed_without_regard_to_case(role: Role, through_group: bool) -> None:
    account = AccountFactory(allowed_recipient_domains=[])
    user = UserFactory(email="Jane.Doe@Elsewhere.example")
    holder = user
    if through_group:
        holder = Group.objects.create(name="g")
        user.groups.add(holder)
    grant(account=account, holder=holder, role=role)

    assert allowed_recipients(account, ["jane.doe@elsewhere.example"]) == {"jane.doe@elsewhere.example"}


def test_people_with_a_role_on_another_account_are_not_allowed() -> None:
    account, other = AccountFactory.create_batch(2)
    user = UserFactory(email="jane@elsewhere.example")
    grant(account=other, holder=user, role=Role.CLIENT)

    assert allowed_recipients(account, [user.email]) == set()


def test_inactive_people_are_not_allowed() -> None:
    account = AccountFactory()
    user = UserFactory(email="jane@elsewhere.example", is_active=False)
    grant(account=account, holder=user, role=Role.CLIENT)

    assert allowed_recipients(account, [user.email]) == set()


def test_attack_093_a_role_that_is_taken_ends_the_permission_to_receive() -> None:
    account, user = AccountFactory(), UserFactory(email="jane@elsewhere.example")
    grant(account=account, holder=user, role=Role.CLIENT)
    assert allowed_recipients(account, [user.email])

    revoke(account=account, holder=user)

    assert allowed_recipients(account, [user.email]) == set()


def test_people_without_an_address_allow_nothing() -> None:
    account = AccountFactory(allowed_recipient_domains=[])
    grant(account=account, holder=UserFactory(email=""), role=Role.CLIENT)

    assert allowed_recipients(account, [""]) == set()


def test_attack_059_a_letter_whose_lower_case_is_another_letter_allows_nothing() -> None:
    account = AccountFactory(allowed_recipient_domains=[])
    kelvin_sign = "\u212a"
    assert kelvin_sign.lower() == "k"
    grant(account=account, holder=UserFactory(email=f"{kelvin_sign}@elsewhere.example"), role=Role.CLIENT)

    assert allowed_recipients(account, ["k@elsewhere.example"]) == set()


def test_nobody_asked_for_is_nobody_allowed_without_a_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    account = AccountFactory()

    with django_assert_num_queries(0):
        assert allowed_recipients(account, []) == set()


def test_any_number_of_addresses_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    account = AccountFactory()
    for user in UserFactory.create_batch(5):
        grant(account=account, holder=user, role=Role.CLIENT)
    addresses = [f"user{number}@customer.example" for number in range(50)]

    with django_assert_num_queries(1):
        assert len(allowed_recipients(account, addresses)) == 50


def test_a_host_replaces_the_rule_by_a_dotted_path(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"RECIPIENT_POLICY": f"{POLICIES}.name_of_account"}
    account = AccountFactory(slug="acme")

    assert allowed_recipients(account, ["acme@x.example", "b@customer.example"]) == {"acme@x.example"}


def test_a_policy_that_returns_more_than_was_asked_is_cut(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"RECIPIENT_POLICY": f"{POLICIES}.too_many"}

    assert allowed_recipients(AccountFactory(), ["a@x.example"]) == {"a@x.example"}


def test_a_policy_may_refuse_everybody(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"RECIPIENT_POLICY": f"{POLICIES}.nobody"}

    assert allowed_recipients(AccountFactory(), ["a@customer.example"]) == set()


def test_a_policy_that_cannot_be_imported_lets_nothing_out(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"RECIPIENT_POLICY": "nowhere.policy"}

    with pytest.raises(ImportError, match="nowhere"):
        allowed_recipients(AccountFactory(), ["a@customer.example"])


def test_a_policy_that_raises_lets_nothing_out(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"RECIPIENT_POLICY": f"{POLICIES}.broken"}

    with pytest.raises(RuntimeError, match="broken"):
        allowed_recipients(AccountFactory(), ["a@customer.example"])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("kim@customer.example", "kim@customer.example", True),
        ("kim@customer.example", "KIM@Customer.example", True),
        ("kim@customer.example", "k\u0131m@customer.example", False),
        ("kim@customer.example", "k\u00edm@customer.example", False),
        ("kim@customer.example", "\u212aim@customer.example", False),
        ("k\u0131m@customer.example", "k\u0131m@customer.example", True),
    ],
)
def test_attack_059_an_address_that_looks_alike_is_another(one: str, other: str, same: bool) -> None:
    assert is_same_address(one, other) is same
