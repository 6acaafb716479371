"""Two accounts with everything they own, and everybody who may come to ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.test import Client

from tests.api.world.holdings import Holdings, holdings
from tests.api.world.people import PEOPLE, Person


@dataclass(frozen=True)
class World:
    """``alpha`` is the account that most people of the world belong to, ``bravo`` the foreign one."""

    alpha: Holdings
    bravo: Holdings
    browsers: dict[Person, Client]

    def holdings(self, label: str) -> Holdings:
        return {"alpha": self.alpha, "bravo": self.bravo}[label]

    def browser(self, name: str) -> Client:
        """The browser of the person with this name."""
        return next(browser for person, browser in self.browsers.items() if person.name == name)

    def user(self, name: str) -> AbstractUser:
        """The user behind the person with this name."""
        (person,) = (person for person in self.browsers if person.name == name)
        return person.user()


def build_world() -> World:
    """Make the rows and log everybody in."""
    alpha, bravo = holdings("alpha"), holdings("bravo")
    accounts = {"alpha": alpha.account, "bravo": bravo.account}
    return World(alpha=alpha, bravo=bravo, browsers={person: person.login(accounts) for person in PEOPLE})


@contextmanager
def undone() -> Iterator[None]:
    """Undo at the end whatever is written inside, as a test case of Django does."""
    block = transaction.atomic()
    block._from_testcase = True  # as Django's: durable blocks are allowed inside
    with block:
        try:
            yield
        finally:
            transaction.set_rollback(True)
