"""How long a receiver may make us wait for the next attempt."""

from __future__ import annotations

from typing import Final

from django_report_scheduling.exceptions import ReceiverFailed

MAX_RETRY_AFTER: Final = 900.0
"""Seconds that a receiver may ask us to wait; more are cut down to this."""


def asked_to_wait(error: Exception) -> float:
    """Return the seconds that a receiver asked us to wait at least, capped; 0 where it did not."""
    asked = error.retry_after if isinstance(error, ReceiverFailed) else None
    return min(max(0.0, asked or 0.0), MAX_RETRY_AFTER)
