"""How the harness tells the processes of the host what is to go wrong, and hears that it did.

An order is a file in a folder. Exactly one process takes it, by renaming it, which leaves behind who did.
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path


class Orders:
    """The folder through which they speak.

    :param folder: of the run.
    """

    def __init__(self, folder: Path) -> None:
        self._given = folder / "orders"
        self._taken = folder / "orders-taken"

    def prepare(self) -> None:
        self._given.mkdir(parents=True)
        self._taken.mkdir()

    def give(self, place: str, what: str) -> None:
        """Let the next process that comes to the place do this."""
        (self._given / f"{_slug(place)}.{what}.{uuid.uuid4().hex}").touch()

    def withdraw(self) -> None:
        """Take back what nobody has obeyed yet."""
        for order in list(self._given.iterdir()):
            order.unlink(missing_ok=True)

    def take(self, place: str) -> str:
        """Take one order for the place and return what it says, or an empty text when there is none."""
        for order in self._given.glob(f"{_slug(place)}.*"):
            what = order.name.split(".")[1]
            try:
                order.rename(self._taken / f"{order.name}.{os.getpid()}")
            except FileNotFoundError:  # somebody else was faster
                continue
            return what
        return ""

    def obeyed(self, place: str, what: str) -> list[int]:
        """Return the ids of the processes that did this at this place."""
        return [int(order.name.rpartition(".")[2]) for order in self._taken.glob(f"{_slug(place)}.{what}.*")]


def _slug(place: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in place)
