"""Recognising that Celery's soft time limit struck, whatever it interrupted."""

from __future__ import annotations

from billiard.exceptions import SoftTimeLimitExceeded


def timed_out(error: BaseException | None) -> bool:
    """Whether an error is the soft time limit, or came of it: it strikes anywhere, and foreign code may wrap it."""
    while error is not None:
        if isinstance(error, SoftTimeLimitExceeded):
            return True
        error = error.__cause__ or error.__context__
    return False
