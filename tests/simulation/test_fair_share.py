"""Ten thousand reports of one account at nine o'clock, and one each of fifty others."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import pytest
from pytest_django import Settings

from tests.factories import NOW
from tests.simulation.world import Node, World, accounts, reports_due

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MANY = 10_000
OTHERS = 50
CAP = 50
WORKERS = 50
TICK = dt.timedelta(seconds=60)
TAKES = dt.timedelta(seconds=60)

BOUND = TICK + math.ceil((CAP + OTHERS) / WORKERS) * TAKES
"""As docs/explanation/fair_share.md says: the next tick, and then all that the accounts may have out at once."""


@pytest.fixture
def world(connect: Callable[[World], World]) -> World:
    return connect(World(nodes=[Node(processes=WORKERS)], takes=lambda _report: TAKES, tick=TICK, step=TICK))


def nine_o_clock() -> tuple[object, list[str], list[str]]:
    """The account with many reports, which come first in the order of the rows, and all reports."""
    greedy, *others = accounts(OTHERS + 1)
    many = reports_due(greedy, MANY)
    return greedy, many, [report for account in others for report in reports_due(account, 1)]


def test_one_account_s_ten_thousand_reports_delay_no_other_beyond_the_bound(world: World, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": CAP}
    greedy, many, others = nine_o_clock()

    world.run(NOW + BOUND + TAKES, watched=True)

    assert max(world.started[report] for report in others) <= NOW + BOUND
    assert world.most_out[greedy.pk] == CAP  # type: ignore[attr-defined]  # an account
    assert max(world.most_out.values()) == CAP

    all_work = (MANY + OTHERS) * TAKES
    world.run(NOW + all_work / WORKERS + TAKES, watched=True)

    assert world.done.keys() == {*many, *others}
    assert world.work == all_work
    assert max(world.most_out.values()) == CAP
    assert world.repeated() == 0


def test_without_a_cap_the_others_wait_for_hours(world: World, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": None}
    _greedy, _many, others = nine_o_clock()

    world.run(NOW + dt.timedelta(hours=1))

    assert not world.started.keys() & set(others)
