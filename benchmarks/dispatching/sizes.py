"""How much of everything: for figures that mean something, or only to see that everything works."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Sizes:
    """Numbers of rows, messages and ticks.

    :param due: schedules due at once, ascending; the last is too much to measure django-celery-beat with.
    :param largest: leave out what has more due than this, which takes longest.
    :param celery_beat_sample: messages of django-celery-beat that are timed; no limit, if patience has none either.
    :param small: a table of ordinary size, and ``large`` one that is not; ``claimed`` of both are due.
    :param batch: schedules in one transaction when the expansion is measured alone.
    :param snapshot: schedules due while an old snapshot is held.
    :param longer: how many times the grace the backlog lasts.
    """

    due: tuple[int, int, int] = (1_000, 10_000, 100_000)
    largest: int = 1_000_000
    celery_beat_sample: int = 1_000_000
    small: int = 10_000
    large: int = 1_000_000
    claimed: int = 10_000
    batch: int = 1_000
    snapshot: int = 100_000
    ticks: int = 40
    messages: int = 10_000
    distant_messages: int = 2_000
    worked: int = 1_000
    backlog: int = 5_000
    longer: int = 5


FULL = Sizes()
QUICK = Sizes(
    due=(10, 20, 40),
    small=40,
    large=400,
    claimed=40,
    batch=10,
    snapshot=60,
    ticks=3,
    messages=50,
    distant_messages=20,
    worked=10,
    backlog=100,
    longer=5,
)
