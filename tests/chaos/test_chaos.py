"""The short run: everything that can go wrong goes wrong at least once, over each broker, and every promise is kept.

The long one has a name of its own: :mod:`tests.chaos.long_run`.
"""

from __future__ import annotations

import sys

import pytest

from tests.chaos.arena import RABBITMQ, REDIS, Size, arena
from tests.chaos.attack import SHORT
from tests.chaos.servers import postgresql, rabbitmq, redis
from tests.chaos.verdict import verdict
from tests.extras import needs_webhooks

SIZE = Size(reports=100, spread=5, concurrency=2, patience=600)

NEEDS = [
    pytest.mark.chaos,
    pytest.mark.slow,
    needs_webhooks,
    pytest.mark.postgresql,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds its processes by Linux's /proc"),
    pytest.mark.skipif(
        not postgresql.usable(), reason="starts a PostgreSQL of its own, and finds no initdb that it may run"
    ),
]
NEEDS_REDIS = [
    pytest.mark.redis,
    pytest.mark.skipif(not redis.usable(), reason="starts a Redis of its own, and finds no redis-server"),
]
NEEDS_RABBITMQ = [
    pytest.mark.rabbitmq,
    pytest.mark.skipif(
        not rabbitmq.usable(), reason="starts a RabbitMQ of its own, and finds no rabbitmq-server or no Erlang"
    ),
]
BROKERS = [pytest.param(REDIS, marks=NEEDS_REDIS), pytest.param(RABBITMQ, marks=NEEDS_RABBITMQ)]

pytestmark = NEEDS


@pytest.mark.parametrize("broker", BROKERS)
def test_every_promise_is_kept_whatever_is_killed_cut_and_filled_up(broker: str) -> None:
    with arena(broker) as place:
        outcome = place.run(SIZE, SHORT)

    assert not verdict(outcome), f"seed {SHORT.seed}, struck {outcome.done}\n{outcome.logs}"
    assert outcome.done == SHORT.counts
    assert [blow for blow, times in outcome.obeyed.items() if not times] == []
