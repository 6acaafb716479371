"""The dispatch benchmark from end to end, at sizes that say nothing about speed: every contender does its work."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
import redis

from tests.services_at_hand import redis_url

ROOT = Path(__file__).resolve().parents[2]
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
HIGHEST_NUMBER = 15
PATIENCE = 600
BEATS = all(find_spec(module) for module in ("django_celery_beat", "redbeat"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgresql,
    pytest.mark.redis,
    pytest.mark.skipif(not DATABASE_URL.startswith("postgres"), reason="TEST_DATABASE_URL names no PostgreSQL server"),
    pytest.mark.skipif(not redis_url(), reason="no Redis server answers; set TEST_REDIS_URL"),
]


def redis_number(number: int) -> str:
    return f"{redis_url().rpartition('/')[0]}/{number}"


def empty_redis() -> str:
    """Return a database that holds nothing, because the benchmark takes no other."""
    for number in range(HIGHEST_NUMBER, -1, -1):
        if not redis.Redis.from_url(redis_number(number)).dbsize():
            return redis_number(number)
    pytest.skip("every database of the Redis server holds something; name another server in TEST_REDIS_URL")


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """Only one benchmark at a time on this machine, so that two do not take the same empty Redis database."""
    with (Path(tempfile.gettempdir()) / "dispatch-benchmark-test.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Done:
    pid: int
    status: int
    output: str
    errors: str


def benchmark(*arguments: object) -> Done:
    command = [
        sys.executable,
        "benchmarks/dispatch.py",
        "--quick",
        "--database-url",
        DATABASE_URL,
        *map(str, arguments),
    ]
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        output, errors = process.communicate(timeout=PATIENCE)
    return Done(process.pid, process.returncode, output, errors)


def databases_of(pid: int) -> list[str]:
    with psycopg.connect(DATABASE_URL) as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    return [name for (name,) in names if name.startswith(f"dispatch_benchmark_{pid}")]


@pytest.mark.parametrize(
    ("keys", "count"),
    [
        # One of each kind: every contender but the two beats, the large database, the distant broker.
        pytest.param(("orm-loop", "table-size", "sql-bound", "idle", "round-trip", "worker", "repeats"), 8, id="own"),
        pytest.param(
            ("celery-beat", "redbeat"),
            6,
            id="beats",
            marks=pytest.mark.skipif(not BEATS, reason="needs the extra [bench]"),
        ),
    ],
)
def test_every_contender_does_its_work_and_leaves_nothing_behind(
    tmp_path: Path, keys: tuple[str, ...], count: int
) -> None:
    figures, broker = tmp_path / "figures.json", empty_redis()

    done = benchmark("--redis-url", broker, "--json", figures, "--only", *keys)

    assert done.status == 0, done.errors
    found = json.loads(figures.read_text())
    assert {row["key"] for row in found} == set(keys)
    assert len(found) == count
    assert all(row["what"] in done.output for row in found)
    assert not list(redis.Redis.from_url(broker).scan_iter("*dispatch-benchmark*"))
    assert databases_of(done.pid) == []


def test_a_redis_database_that_holds_something_is_left_alone() -> None:
    url = empty_redis()
    somebody = redis.Redis.from_url(url)
    somebody.set("somebody's", "key")
    try:
        done = benchmark("--redis-url", url, "--only", "worker")
        assert done.status == 2
        assert "holds 1 keys" in done.errors
        assert somebody.get("somebody's") == b"key"
    finally:
        somebody.delete("somebody's")
