"""Ten thousand mails or webhooks of one account, and one each of fifty others."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable

import pytest
from pytest_django import Settings

from tests.factories import NOW
from tests.simulation.deliveries import DeliveryWorld, mails_due, webhooks_due
from tests.simulation.world import Node, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

Connect = Callable[[World], World]

MANY = 10_000
OTHERS = 50
PROCESSES = 4
SECOND = dt.timedelta(seconds=1)
TICK = 30 * SECOND
TIMEOUT = 30 * SECOND
SHARE = 1
"""The default of ``WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT``."""


def world(slow: list[str]) -> DeliveryWorld:
    """Those take as long as a webhook may, and all others a second."""
    many = set(slow)
    nodes = [Node(processes=PROCESSES)]
    return DeliveryWorld(
        nodes=nodes, takes=lambda delivery: TIMEOUT if delivery in many else SECOND, tick=TICK, step=SECOND
    )


def webhooks() -> tuple[list[str], list[str]]:
    """Those of the account with many, which come first in the order of the rows, and one of each other."""
    many = webhooks_due(MANY)
    return many, [webhook for _account in range(OTHERS) for webhook in webhooks_due(1)]


def test_attack_055_ten_thousand_webhooks_for_a_receiver_that_never_answers_leave_all_processes_but_one(
    connect: Connect,
) -> None:
    many, others = webhooks()
    here = connect(world(many))

    here.run(NOW + 10 * TIMEOUT, watched=True)

    assert (
        max(here.started[webhook] for webhook in others)
        <= NOW + TICK + math.ceil(OTHERS / (PROCESSES - SHARE)) * SECOND
    )
    assert max(here.most_out.values()) == SHARE
    assert len(here.started.keys() & set(many)) == 10
    assert here.repeated() == 0


def test_attack_055_two_accounts_with_such_receivers_take_two_processes(connect: Connect) -> None:
    many = [*webhooks_due(MANY // 2), *webhooks_due(MANY // 2)]
    others = [webhook for _account in range(OTHERS) for webhook in webhooks_due(1)]
    here = connect(world(many))

    here.run(NOW + TICK + math.ceil(OTHERS / (PROCESSES - 2 * SHARE)) * SECOND + SECOND)

    assert here.started.keys() >= set(others)


def test_attack_022_ten_endpoints_of_one_account_have_no_more_than_one(connect: Connect) -> None:
    many = webhooks_due(1000, endpoints=10)
    others = [webhook for _account in range(OTHERS) for webhook in webhooks_due(1)]
    here = connect(world(many))

    here.run(NOW + 4 * TIMEOUT, watched=True)

    assert here.started.keys() >= set(others)
    assert max(here.most_out.values()) == SHARE


def test_without_a_limit_they_have_all_processes_for_hours(connect: Connect, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT": None}
    many, others = webhooks()
    here = connect(world(many))

    here.run(NOW + 20 * TIMEOUT)

    assert not here.started.keys() & set(others)


def test_ten_thousand_mails_of_one_report_delay_others_by_the_limit_and_no_more(
    connect: Connect, settings: Settings
) -> None:
    share = 400
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "MAX_DELIVERIES_PER_ACCOUNT": share}
    mails_due(MANY)
    others = [mail for _account in range(OTHERS) for mail in mails_due(1)]
    here = connect(world([]))
    bound = TICK + math.ceil((share + OTHERS) / PROCESSES) * SECOND

    here.run(NOW + bound + SECOND, watched=True)

    assert max(here.started[mail] for mail in others) <= NOW + bound
    assert max(here.most_out.values()) == share
    assert here.repeated() == 0
