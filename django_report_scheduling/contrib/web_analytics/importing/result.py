"""What came of an import."""

from __future__ import annotations

from dataclasses import dataclass, field

LISTED = 20
"""How many unreadable lines are named; the others are only counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadableLine:
    """A line in neither log format, or with a time or size that cannot be.

    :param number: its place in the file, from 1.
    :param excerpt: its beginning, without addresses.
    """

    number: int
    excerpt: str


@dataclass(kw_only=True, slots=True)
class ImportResult:
    """Counts of an import, while it goes on and afterwards."""

    lines: int = 0
    """Lines seen, blank ones included."""
    imported: int = 0
    """Lines that became a new hit."""
    duplicates: int = 0
    """Lines whose hit was there already."""
    unreadable: int = 0
    """Lines in neither log format, or with a time or size that cannot be."""
    first_unreadable: list[UnreadableLine] = field(default_factory=list)
    """The first few of them."""
