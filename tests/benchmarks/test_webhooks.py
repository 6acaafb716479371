"""The webhooks' benchmark from end to end, at sizes that say nothing about speed: both sides do their work."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
import redis

from tests.extras import needs_webhooks
from tests.services_at_hand import redis_url

ROOT = Path(__file__).resolve().parents[2]
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
PATIENCE = 600
HIGHEST_NUMBER = 15

pytestmark = [
    needs_webhooks,
    pytest.mark.slow,
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.skipif(not DATABASE_URL.startswith("postgres"), reason="TEST_DATABASE_URL names no PostgreSQL server"),
    pytest.mark.skipif(not redis_url(), reason="no Redis server answers; set TEST_REDIS_URL"),
    pytest.mark.skipif(find_spec("trustme") is None, reason="needs trustme"),
]


def keys_in(url: str) -> int:
    return int(redis.Redis.from_url(url).dbsize())


@pytest.fixture
def empty_redis() -> Iterator[str]:
    """A database that holds nothing, because the benchmark takes no other; only one benchmark at a time takes it."""
    with (Path(tempfile.gettempdir()) / "dispatch-benchmark-test.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for number in range(HIGHEST_NUMBER, -1, -1):
            url = f"{redis_url().rpartition('/')[0]}/{number}"
            if not keys_in(url):
                yield url
                return
        pytest.skip("every database of the Redis server holds something; name another server in TEST_REDIS_URL")


def benchmark(redis: str, *arguments: str, database_url: str = DATABASE_URL) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    servers = ("--database-url", database_url, "--redis-url", redis)
    command = [sys.executable, "benchmarks/webhooks.py", *servers, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def databases() -> set[str]:
    with psycopg.connect(DATABASE_URL) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE '%webhooks_benchmark%'")
        return {name for (name,) in rows.fetchall()}


def test_each_line_is_measured_and_nothing_is_left_behind(empty_redis: str) -> None:
    before = databases()

    done = benchmark(empty_redis, "--quick")

    assert done.returncode == 0, done.stderr
    for line in ("answers at once", "after 20 ms", "after 100 ms", "4 processes", "latency p50", "latency p95"):
        assert line in done.stdout
    assert databases() <= before
    assert keys_in(empty_redis) == 0


def test_a_server_that_does_not_answer_is_told_in_a_sentence(empty_redis: str) -> None:
    done = benchmark(empty_redis, "--quick", database_url="postgres://postgres@127.0.0.1:1/nothing")

    assert done.returncode == 2
    assert "--database-url" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_target_that_is_missed_fails_the_run_unless_told_otherwise() -> None:
    from benchmarks.dispatching.table import Row
    from benchmarks.posting import command_line

    missed = Row(key="local", what="throughput", measured=0.5, target=0.7, unit="", at_least=True)

    assert command_line.verdict([missed], report_only=False) == 1
    assert command_line.verdict([missed], report_only=True) == 0
    assert command_line.verdict([], report_only=False) == 0
