"""Long queues, idle brokers and wiped ones: how many messages are sent more than once."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pytest
from pytest_django import Settings

from django_report_scheduling.services.lost_messages import PROBES
from tests.factories import NOW
from tests.simulation.world import Node, World, accounts, reports_due

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

Connect = Callable[[World], World]

TIMEOUT = dt.timedelta(minutes=10)
TICK = dt.timedelta(seconds=30)
STEP = dt.timedelta(seconds=10)


def slow(seed: int = 1) -> Callable[[str], dt.timedelta]:
    """Between 20 and 180 seconds for each report in turn, the same in every run of the test."""
    durations, known = random.Random(seed), {}  # noqa: S311

    def takes(report: str) -> dt.timedelta:
        if report not in known:
            known[report] = STEP * durations.randint(2, 18)
        return known[report]

    return takes


def two_nodes(ahead: int = 12) -> list[Node]:
    """As with Celery's own prefetch multiplier of 4: each holds sixteen messages and works on four of them."""
    return [Node(processes=4, ahead=ahead) for _ in range(2)]


@pytest.mark.parametrize("most_queued", [300, 10_000])
def test_a_backlog_of_hours_is_not_sent_again_while_workers_are_at_it(
    connect: Connect, settings: Settings, most_queued: int
) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": None, "MAX_QUEUED": most_queued}
    world = connect(World(nodes=two_nodes(), takes=slow(), tick=TICK))
    (account,) = accounts(1)
    reports = reports_due(account, 800)
    for hour in (1, 2):
        reports += reports_due(account, 100, at=NOW + dt.timedelta(hours=hour))

    world.run(NOW + dt.timedelta(hours=5))

    assert max(world.done.values()) > NOW + dt.timedelta(hours=3)
    assert world.done.keys() == set(reports)
    assert world.repeated() < len(reports) / 100


def test_two_days_without_a_worker_cost_a_few_probes_and_no_more(connect: Connect) -> None:
    minutes = dt.timedelta(minutes=5)
    world = connect(World(nodes=[], takes=lambda _report: minutes, tick=minutes, step=minutes))
    for account in accounts(30):
        reports_due(account, 10)

    world.run(NOW + dt.timedelta(days=2))
    assert 0 < world.repeated() <= PROBES * 288

    world.nodes = [Node(processes=50, ahead=50)]
    waiting = len(world.broker)
    world.run(world.now + dt.timedelta(hours=1))
    assert len(world.done) == 300
    assert world.sent.total() <= waiting + PROBES * 6


@pytest.mark.parametrize("room", [True, False], ids=["with room for more", "full"])
def test_a_wiped_broker_is_filled_again_soon_and_each_report_is_made_once(
    connect: Connect, settings: Settings, room: bool
) -> None:
    settings.REPORT_SCHEDULING = {"MAX_CONCURRENT_PER_ACCOUNT": None, "MAX_QUEUED": 10_000 if room else 200}
    world = connect(World(nodes=two_nodes(), takes=lambda _report: dt.timedelta(minutes=1), tick=TICK))
    (account,) = accounts(1)
    reports = reports_due(account, 400)
    world.run(NOW + dt.timedelta(minutes=5))
    world.lose_everything()
    lost = set(world.sent) - set(world.started)

    world.run(world.now + TIMEOUT + 2 * TICK + STEP)

    assert {report for report in lost if world.sent[report] > 1} == lost
    world.run(NOW + dt.timedelta(hours=3))
    assert world.done.keys() == set(reports)
    assert world.repeated() <= len(lost) + 8
