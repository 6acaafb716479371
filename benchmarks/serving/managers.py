"""Who asks, and how much there is to ask for: plain values, also for processes without Django."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """How much there is; a manager has ``accounts_each`` accounts alone."""

    managers: int = 50
    accounts_each: int = 20
    other_accounts: int = 19_000
    schedules_each: int = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Manager:
    """Somebody who asks, and what they may ask for; ids as text."""

    token: str
    accounts: tuple[str, ...]
    schedules: tuple[str, ...]
    reports: tuple[str, ...]
