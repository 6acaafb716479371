"""The ``Retry-After`` header: seconds, or a date (RFC 9110 §10.2.3)."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import Final

RETRY_AFTER: Final = b"retry-after"
_SECONDS: Final = re.compile(rb"[0-9]{1,9}")


def seconds_to_wait(value: bytes, now: dt.datetime) -> float | None:
    """Return the seconds from now on, never below zero; ``None`` where the value is neither form.

    :param now: aware.
    """
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value.decode("ascii"))
        if moment.tzinfo is None:  # the obsolete forms name no zone, and all mean UTC
            moment = moment.replace(tzinfo=dt.UTC)
        return max(0.0, (moment - now).total_seconds())
    except (ValueError, OverflowError):
        return None
