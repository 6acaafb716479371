"""What a queued message says: which row, and in which attempt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """Enough for a worker to claim exactly the attempt that was meant, and nothing more.

    :param id: primary key of the report or delivery, as text.
    :param attempt: claims so far; a worker that finds another number lets the message go.
    """

    id: str
    attempt: int
