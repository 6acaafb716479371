"""What a probe says about its part."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a part is."""

    OK = "ok"
    """It works."""
    WARN = "warn"
    """It works, but not as it should in production."""
    FAIL = "fail"
    """It does not work."""
    SKIP = "skip"
    """It was not tried, because something it needs does not work, or because it does not apply here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One line of the doctor.

    :param part: what was tried, e.g. ``broker``.
    :param message: what was seen; never a secret.
    :param fix: what exactly to do; empty where nothing is to be done.
    """

    status: Status
    part: str
    message: str
    fix: str = ""
