"""Two accounts with everything they own, and everybody who may come to ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Model
from django.test import Client

from django_report_scheduling.models import CalendarFeed
from tests.api.world.holdings import Holdings, holdings
from tests.api.world.people import PEOPLE, Person
from tests.factories import CalendarFeedFactory


@dataclass(frozen=True)
class World:
    """``alpha`` is the account that most people of the world belong to, ``bravo`` the foreign one."""

    alpha: Holdings
    bravo: Holdings
    browsers: dict[Person, Client]
    own: dict[Person, CalendarFeed]
    """Everybody's own calendar of all accounts."""

    def row(self, name: str, label: str, person: Person) -> Model:
        """A row as the matrix names it: of the account with this label, or ``own``, the person's, if they have one."""
        if name != "own":
            return self.holdings(label).row(name)
        return self.own.get(person, self.alpha.feed)

    def person(self, name: str) -> Person:
        return next(person for person in self.browsers if person.name == name)

    def holdings(self, label: str) -> Holdings:
        return {"alpha": self.alpha, "bravo": self.bravo}[label]

    def browser(self, name: str) -> Client:
        """The browser of the person with this name."""
        return self.browsers[self.person(name)]

    def user(self, name: str) -> AbstractUser:
        """The user behind the person with this name."""
        return self.person(name).user()


def build_world() -> World:
    """Make the rows and log everybody in."""
    alpha, bravo = holdings("alpha"), holdings("bravo")
    accounts = {"alpha": alpha.account, "bravo": bravo.account}
    browsers = {person: person.login(accounts) for person in PEOPLE}
    known = [person for person in PEOPLE if person.become is not None]
    own = {person: CalendarFeedFactory(owner=person.user(), account=None) for person in known}
    return World(alpha=alpha, bravo=bravo, browsers=browsers, own=own)


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
