"""The options, the order of things, and what is printed in the end."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import django
from django.core.management import call_command

from benchmarks.dispatching import servers
from benchmarks.dispatching.command_line import DATABASE_URL
from benchmarks.dispatching.table import markdown
from benchmarks.serving import server
from benchmarks.serving.managers import Manager, Sizes
from benchmarks.serving.measuring import QUICK, Effort, beside_bare, many_people, table

DATABASE = f"report_scheduling_api_benchmark_{os.getpid()}"


def main(description: str, arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark; returns the exit code: 2 when something that is needed is missing."""
    options = _parser(description).parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("Stopped."))
    try:
        servers.require("gunicorn", "psycopg", extra="bench-api")
        with servers.database(options.database_url, DATABASE) as url, host(url):
            _measure(options)
    except servers.Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    return 0


def _parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, one round: does everything work?")
    parser.add_argument("--serve", type=Path, metavar="FILE", help="only serve, for Locust: writes the managers there")
    parser.add_argument("--database-url", default=os.environ.get("DATABASE_URL") or DATABASE_URL,
        help="any database on the PostgreSQL server; default: DATABASE_URL, or %(default)s")  # fmt: skip
    return parser


@contextmanager
def host(database_url: str) -> Iterator[None]:
    """Make this process, and those it starts, the benchmark's host with an empty, migrated database."""
    with tempfile.TemporaryDirectory(prefix="report-scheduling-api-") as files:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.serving.settings",
            "BENCHMARK_DATABASE_URL": database_url,
            "BENCHMARK_FILES": files,
        }
        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            django.db.connections.close_all()


def _measure(options: argparse.Namespace) -> None:
    from benchmarks.serving.world import build  # noqa: PLC0415 - names models, so after django.setup()

    effort = QUICK if options.quick else Effort()
    managers = build(Sizes(managers=4, other_accounts=20) if options.quick else Sizes())
    load = os.getloadavg()[0]
    with server.running(os.environ) as port:
        if options.serve:
            _serve(port, managers, options.serve)
            return
        ratios, ours, bare = beside_bare(managers, effort, port=port)
        felt, busy, took = many_people(managers, effort, port=port)
    for title, times in (("ours, 4 connections", ours), ("bare, 4 connections", bare), ("ours, everybody", busy)):
        print("\n".join(table(title, times)), end="\n\n")
    print(markdown([*ratios, *felt]))
    rate = sum(map(len, busy.values())) / took
    print(f"\n{rate:.0f} requests a second with {effort.people} people who pause {effort.pause} s between requests.")
    print(f"Load {load:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} processors.", flush=True)


def _serve(port: int, managers: Sequence[Manager], file: Path) -> None:
    file.write_text(json.dumps([asdict(manager) for manager in managers]), encoding="utf-8")
    print(f"Serving at http://127.0.0.1:{port}, managers in {file}. Ctrl-C ends it.", flush=True)
    with suppress(KeyboardInterrupt):
        signal.pause()
