"""The options, the order of the rows, and what is printed in the end."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.dispatching import lab, rows, servers
from benchmarks.dispatching.sizes import FULL, QUICK
from benchmarks.dispatching.table import Row, markdown

DATABASE_URL = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS_URL = "redis://127.0.0.1:6379/13"


def main(description: str, arguments: list[str] | None = None) -> int:
    """Run what the command line asks for; returns the exit code: 2 when something that is needed is missing."""
    options = _parser(description).parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit("Stopped."))
    measured: list[Row] = []
    load = os.getloadavg()[0]
    try:
        for row in _measure(options):
            measured.append(row)  # noqa: PERF402 - those before a failure are printed all the same
    except servers.Missing as missing:
        print(missing, file=sys.stderr)
        return 2
    finally:
        _show(measured, options.json, load_before=load)
    return 0


def _show(measured: list[Row], file: Path | None, *, load_before: float) -> None:
    if measured:
        print(markdown(measured))
        # The benchmark alone makes a load of one or two. Above the number of processors, times are mostly waiting.
        load = f"Load {load_before:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} processors."
        print(f"\n{load}", flush=True)
    if file:
        figures = [asdict(row) | {"reached": row.reached} for row in measured]
        file.write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")


def _parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="tiny sizes, one round: does everything work?")
    parser.add_argument("--only", nargs="+", choices=rows.KEYS, default=rows.KEYS, metavar="ROW",
        help=f"some rows only: {', '.join(rows.KEYS)}")  # fmt: skip
    parser.add_argument("--rounds", type=int, help="of which the median is taken; default: 3, or 1 with --quick")
    parser.add_argument("--sample", type=int, metavar="N", help="time only N messages of django-celery-beat, and scale")
    parser.add_argument("--largest", type=int, metavar="N", help="leave out: more than N due → broker")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows there too")
    parser.add_argument("--database-url", default=os.environ.get("DATABASE_URL") or DATABASE_URL,
        help="any database on the PostgreSQL server; default: DATABASE_URL, or %(default)s")  # fmt: skip
    parser.add_argument("--redis-url", default=REDIS_URL, help="an empty Redis database; default: %(default)s")
    return parser


def _measure(options: argparse.Namespace) -> Iterator[Row]:
    wanted = set(options.only)
    needed = {"celery-beat": "django_celery_beat", "redbeat": "redbeat"}
    servers.require("psycopg", "redis", *(module for key, module in needed.items() if key in wanted))
    rounds = options.rounds or (1 if options.quick else 3)
    sizes = QUICK if options.quick else FULL
    sizes = replace(
        sizes,
        largest=options.largest or sizes.largest,
        celery_beat_sample=options.sample or sizes.celery_beat_sample,
    )
    if options.quick:
        print("Sizes of --quick: the figures say that everything works, and nothing about speed.", file=sys.stderr)
    with lab.opened(server_url=options.database_url, redis_url=options.redis_url, rounds=rounds) as opened:
        for group in rows.GROUPS:
            if wanted & set(group.KEYS):
                yield from group.rows(opened, sizes, wanted)
