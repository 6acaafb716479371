"""The API's benchmark from end to end, at sizes that say nothing about speed: every request is answered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
PATIENCE = 300

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgresql,
    pytest.mark.skipif(not DATABASE_URL.startswith("postgres"), reason="TEST_DATABASE_URL names no PostgreSQL server"),
]


def benchmark(*arguments: str, database_url: str = DATABASE_URL) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "benchmarks/api.py", "--database-url", database_url, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def databases() -> set[str]:
    with psycopg.connect(DATABASE_URL) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE '%api_benchmark%'").fetchall()
    return {name for (name,) in rows}


def test_both_sides_answer_every_request_the_table_names_each_and_no_database_is_left_behind():
    before = databases()

    done = benchmark("--quick")

    assert done.returncode == 0, done.stderr
    for name in ("list", "retrieve", "create", "patch", "delete", "download"):
        assert f"| {name}, p95 with" in done.stdout
    for name in ("list", "retrieve"):
        assert f"| {name}, median at" in done.stdout
    assert databases() <= before


def test_a_server_that_does_not_answer_is_told_in_a_sentence():
    done = benchmark("--quick", database_url="postgres://postgres@127.0.0.1:1/nothing")

    assert done.returncode == 2
    assert "--database-url" in done.stderr
    assert "Traceback" not in done.stderr
