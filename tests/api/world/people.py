"""Everybody who may come to the API, and how each of them stands to the two accounts of the world."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.test import Client

from django_report_scheduling.access.roles import grant, revoke
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import Role
from tests.factories import UserFactory

if TYPE_CHECKING:
    from django_report_scheduling.models import AbstractAccount


class Standing(enum.Enum):
    """What a person is to an account."""

    OUTSIDE = "not logged in"
    STRANGER = "logged in, without a role on the account"
    CLIENT = "may see its reports"
    MANAGER = "manages its reports"
    ADMINISTRATOR = "administers the reports of all accounts"


Become = Callable[[AbstractUser, "AbstractAccount"], None]
"""Gives a user what makes them this person: takes the account on which the role is held."""


@dataclass(frozen=True)
class Person:
    """Somebody; ``to_alpha`` and ``to_bravo`` say how they stand to the two accounts."""

    name: str
    to_alpha: Standing
    to_bravo: Standing
    become: Become | None
    account: str = "alpha"

    def __str__(self) -> str:
        return self.name

    def standing(self, label: str) -> Standing:
        return {"alpha": self.to_alpha, "bravo": self.to_bravo}[label]

    def login(self, accounts: dict[str, AbstractAccount]) -> Client:
        """Return a browser in which this person has logged in, before what happened to them since."""
        browser = Client()
        if self.become is not None:
            user = UserFactory(username=self.username, email=self.email)
            browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            self.become(user, accounts[self.account])
        return browser

    def user(self) -> AbstractUser:
        """Who they are, as the database knows them now."""
        return cast("AbstractUser", get_user_model()._default_manager.get(username=self.username))

    @property
    def username(self) -> str:
        return self.name.replace(" ", "-")

    @property
    def email(self) -> str:
        return f"{self.username}@people.example"


def holds(role: Role) -> Become:
    return lambda user, account: grant(account=account, holder=user, role=role)


def through_group(role: Role) -> Become:
    def become(user: AbstractUser, account: AbstractAccount) -> None:
        group = Group.objects.create(name=f"Group of {user.username}")
        user.groups.add(group)
        grant(account=account, holder=group, role=role)

    return become


def revoked(user: AbstractUser, account: AbstractAccount) -> None:
    grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
    revoke(account=account, holder=user)


def left_the_group(user: AbstractUser, account: AbstractAccount) -> None:
    through_group(Role.ACCOUNT_MANAGER)(user, account)
    user.groups.clear()


def deactivated(user: AbstractUser, account: AbstractAccount) -> None:
    grant(account=account, holder=user, role=Role.ACCOUNT_MANAGER)
    user.is_active = False
    user.save()


def superuser(user: AbstractUser, account: AbstractAccount) -> None:
    user.is_superuser = True
    user.save()


def administers(user: AbstractUser, account: AbstractAccount) -> None:
    user.user_permissions.add(Permission.objects.get(codename="administer_reports"))


def staff_by_model_permissions(user: AbstractUser, account: AbstractAccount) -> None:
    """Every permission on our models and on the account model, but the one that makes an administrator."""
    user.is_staff = True
    user.save()
    labels = {"report_scheduling", get_account_model()._meta.app_label}
    given = Permission.objects.filter(content_type__app_label__in=labels).exclude(codename="administer_reports")
    user.user_permissions.set(given)


OUTSIDE, STRANGER, CLIENT, MANAGER, ADMINISTRATOR = Standing

PEOPLE = (
    Person("anonymous", OUTSIDE, OUTSIDE, None),
    Person("deactivated", OUTSIDE, OUTSIDE, deactivated),
    Person("client", CLIENT, STRANGER, holds(Role.CLIENT)),
    Person("client through a group", CLIENT, STRANGER, through_group(Role.CLIENT)),
    Person("client of the other account", STRANGER, CLIENT, holds(Role.CLIENT), "bravo"),
    Person("manager", MANAGER, STRANGER, holds(Role.ACCOUNT_MANAGER)),
    Person("manager through a group", MANAGER, STRANGER, through_group(Role.ACCOUNT_MANAGER)),
    Person("manager of the other account", STRANGER, MANAGER, holds(Role.ACCOUNT_MANAGER), "bravo"),
    Person("manager until just now", STRANGER, STRANGER, revoked),
    Person("member of the group until just now", STRANGER, STRANGER, left_the_group),
    Person("staff by model permissions", STRANGER, STRANGER, staff_by_model_permissions),
    Person("superuser", ADMINISTRATOR, ADMINISTRATOR, superuser),
    Person("administrator by permission", ADMINISTRATOR, ADMINISTRATOR, administers),
)

LOGGED_IN = tuple(person for person in PEOPLE if person.to_alpha is not OUTSIDE)
OUTSIDERS = tuple(person for person in PEOPLE if person.to_alpha is OUTSIDE)
