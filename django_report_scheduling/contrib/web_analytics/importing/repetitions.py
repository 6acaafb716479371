"""Telling apart lines that are equal to the letter."""

from __future__ import annotations

REMEMBERED = 100_000
"""Equal lines within this many lines of each other are sure to be told apart. They carry the same second, so in
practice they stand next to each other."""


class Repetitions:
    """Counts how often each fingerprint has come already, in bounded memory: two generations of a dictionary."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._young: dict[int, int] = {}
        self._old: dict[int, int] = {}

    def count(self, fingerprint: int) -> int:
        """Return how often the fingerprint came before, and count this time too."""
        young = self._young
        before = young.get(fingerprint)
        if before is None:
            before = self._old.get(fingerprint, 0)
            if len(young) >= self._remembered:
                self._old, self._young = young, {}
                young = self._young
        young[fingerprint] = before + 1
        return before
