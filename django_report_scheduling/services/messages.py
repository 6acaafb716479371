"""What a queued message says: which row, in which attempt, and when it was handed out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """Enough for a worker to claim exactly the attempt that was meant, and nothing more.

    :param id: primary key of the report or delivery, as text.
    :param attempt: claims so far; a worker that finds another number lets the message go.
    :param handed_out: when it goes to the broker, aware; what :mod:`.arrivals` learns from. It is no fence: twins of
        a message differ in it and mean the same.
    """

    id: str
    attempt: int
    handed_out: dt.datetime | None = None
