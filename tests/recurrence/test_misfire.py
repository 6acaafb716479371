from __future__ import annotations

import datetime as dt
import time

import pytest

from django_report_scheduling.choices import MisfirePolicy
from django_report_scheduling.recurrence import CatchUp, plan_catch_up
from tests.recurrence.builders import custom, naive, recurrence, utc

LATEST, ALL, SKIP = MisfirePolicy.LATEST, MisfirePolicy.ALL, MisfirePolicy.SKIP
HOUR = dt.timedelta(hours=1)
HOURLY = custom("FREQ=HOURLY", zone="UTC", at="00:00")


def hours(text: str) -> tuple[dt.datetime, ...]:
    return tuple(utc(f"2026-01-01 {hour}:00") for hour in text.split())


def plan(
    policy: MisfirePolicy, now: str, *, grace: dt.timedelta = HOUR, cap: int = 10, missed_cap: int = 100
) -> CatchUp:
    """For an hourly schedule that has been waiting for 08:00."""
    return plan_catch_up(
        HOURLY,
        due=utc("2026-01-01 08:00"),
        now=utc(f"2026-01-01 {now}"),
        policy=policy,
        grace=grace,
        cap=cap,
        missed_cap=missed_cap,
    )


@pytest.mark.parametrize(
    ("policy", "now", "options", "run", "missed", "following"),
    [
        # on time
        (LATEST, "08:00", {}, "08", "", "09"),
        (ALL, "08:00", {}, "08", "", "09"),
        (SKIP, "08:00", {}, "08", "", "09"),
        # three slots came due
        (LATEST, "10:30", {}, "10", "08 09", "11"),
        (ALL, "10:30", {}, "08 09 10", "", "11"),
        (SKIP, "10:30", {}, "10", "08 09", "11"),
        # the newest is late, too
        (LATEST, "10:30", {"grace": HOUR / 4}, "10", "08 09", "11"),
        (ALL, "10:30", {"grace": HOUR / 4}, "08 09 10", "", "11"),
        (SKIP, "10:30", {"grace": HOUR / 4}, "", "08 09 10", "11"),
        # exactly as late as allowed is on time
        (SKIP, "10:30", {"grace": HOUR / 2}, "10", "08 09", "11"),
        # more than one on time
        (SKIP, "10:30", {"grace": 2 * HOUR}, "09 10", "08", "11"),
        (LATEST, "10:30", {"grace": 2 * HOUR}, "10", "08 09", "11"),
        # no more than the cap, the newest first
        (ALL, "10:30", {"cap": 2}, "09 10", "08", "11"),
        (SKIP, "10:30", {"cap": 1, "grace": 2 * HOUR}, "10", "08 09", "11"),
        # the clock went back: keep waiting
        (LATEST, "07:30", {}, "", "", "08"),
        (ALL, "05:00", {}, "", "", "08"),
    ],
)
def test_due_slots_run_or_are_missed(
    policy: MisfirePolicy, now: str, options: dict[str, object], run: str, missed: str, following: str
) -> None:
    (next_one,) = hours(following)
    assert plan(policy, now, **options) == CatchUp(run=hours(run), missed=hours(missed), unlisted=0, next_slot=next_one)


def test_of_many_missed_slots_the_newest_are_listed_and_the_others_counted() -> None:
    plan_of_ten = plan(LATEST, "17:30", missed_cap=3)
    assert plan_of_ten.missed == hours("14 15 16")
    assert plan_of_ten.unlisted == 6


@pytest.mark.parametrize("policy", list(MisfirePolicy))
@pytest.mark.parametrize(
    ("rule", "days", "unlisted"),
    [(HOURLY, 90, range(1900, 2161)), (HOURLY, 7305, range(2500, 2501)), (recurrence(), 7305, range(2500, 2501))],
)
def test_a_long_outage_is_planned_fast_and_small(
    policy: MisfirePolicy, rule: object, days: int, unlisted: range
) -> None:
    now = utc("2026-06-01 12:30")
    begun = time.process_time()
    catch_up = plan_catch_up(rule, due=now - dt.timedelta(days=days), now=now, policy=policy, grace=HOUR)
    assert time.process_time() - begun < 0.5  # about 0.02 measured; the rest is for slow machines under coverage
    assert len(catch_up.run) <= 10
    assert len(catch_up.missed) == 100
    assert catch_up.unlisted in unlisted
    assert catch_up.next_slot > now


def test_after_the_end_there_is_nothing_to_wait_for() -> None:
    ended = recurrence(ends_at=utc("2026-01-02 07:00"))
    first, last = utc("2026-01-01 07:00"), utc("2026-01-02 07:00")
    assert plan_catch_up(ended, due=first, now=utc("2026-02-01"), policy=ALL, grace=HOUR) == CatchUp(
        run=(first, last), missed=(), unlisted=0, next_slot=None
    )


def test_slots_before_the_start_are_not_due() -> None:
    young = recurrence(starts_at=utc("2026-01-02"))
    catch_up = plan_catch_up(young, due=utc("2025-01-01"), now=utc("2026-01-02 08:00"), policy=ALL, grace=HOUR)
    assert catch_up.run == (utc("2026-01-02 07:00"),)
    assert catch_up.missed == ()


def test_a_naive_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="An instant is aware"):
        plan_catch_up(HOURLY, due=utc("2026-01-01"), now=naive("2026-01-01"), policy=ALL, grace=HOUR)
