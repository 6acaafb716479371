"""The options, the order of things, and what is printed in the end."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import django
from django.core.management import call_command

from benchmarks.dispatching import servers
from benchmarks.dispatching.command_line import DATABASE_URL, REDIS_URL
from benchmarks.dispatching.table import Row, markdown
from benchmarks.posting import receiver

DATABASE = f"report_scheduling_webhooks_benchmark_{os.getpid()}"
MISSED = 1
UNABLE = 2


def main(description: str, arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code: 1 when a target is missed, 2 when something needed is not there."""
    options = _parser(description).parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("Stopped."))
    load = os.getloadavg()[0]
    try:
        servers.require("certifi", "cryptography", "dns", "httpcore2", "idna", "psycopg", "redis", "trustme",
            extra="bench-webhooks")  # fmt: skip
        servers.check_redis(options.redis_url)
        with servers.database(options.database_url, DATABASE) as url, _host(url, options.redis_url):
            measured = list(_measure(options))
    except servers.Missing as missing:
        print(missing, file=sys.stderr)
        return UNABLE
    print(markdown(measured))
    print(f"\nLoad {load:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} processors.", flush=True)
    return verdict(measured, report_only=options.report_only or options.quick)


def verdict(measured: Sequence[Row], *, report_only: bool) -> int:
    """Return the exit code for what was measured."""
    return MISSED if not report_only and not all(row.reached for row in measured) else 0


def _parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true",
        help="tiny sizes, one round, no targets: does everything work?")  # fmt: skip
    parser.add_argument("--rounds", type=int, help="of which the median is taken; default: 5, or 1 with --quick")
    parser.add_argument("--seconds", type=float, help="of the bare loop in a round, roughly; default: 5")
    parser.add_argument("--report-only", action="store_true", help="exit code 0 even where a target is missed")
    parser.add_argument("--database-url", default=os.environ.get("DATABASE_URL") or DATABASE_URL,
        help="any database on the PostgreSQL server; default: DATABASE_URL, or %(default)s")  # fmt: skip
    parser.add_argument("--redis-url", default=REDIS_URL, help="an empty Redis database; default: %(default)s")
    return parser


@contextmanager
def _host(database_url: str, redis_url: str) -> Iterator[None]:
    """Make this process, and those it starts, the benchmark's host with a receiver and an empty, migrated database."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "benchmarks.posting.settings",
        "BENCHMARK_DATABASE_URL": database_url,
        "BENCHMARK_BROKER_URL": redis_url,
        "PYTHONPATH": str(servers.ROOT),
    }
    with receiver.running():
        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            django.db.connections.close_all()


def _measure(options: argparse.Namespace) -> Iterator[Row]:
    from benchmarks.posting import neighbours, throughput  # noqa: PLC0415 - name models, so after django.setup()

    if options.quick:
        print("Sizes of --quick: the figures say that everything works, and nothing about speed.", file=sys.stderr)
    effort = throughput.QUICK if options.quick else throughput.Effort()
    effort = replace(effort, rounds=options.rounds or effort.rounds, seconds=options.seconds or effort.seconds)
    yield from throughput.rows(effort)
    yield from neighbours.rows(neighbours.QUICK if options.quick else neighbours.Effort())
