"""Measures how fast, and in how much memory, an access log is imported.

Usage: ``python benchmarks/import_access_log.py [--lines 5000000] [--database-url sqlite:///…]``

Makes a log of the wanted length out of the real one in ``example_project/data`` (new times, clients, browser versions,
pages and queries, so that caches do not flatter), imports it with the command into an empty database, and prints peak
memory and lines a second: of the clock, and of the processor, for machines that do other things too. Two yardsticks are
taken in the same run: the regular expression alone over the same file, and goaccess where it is installed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REAL_LOG = ROOT / "example_project/data/apache_access.log.gz"
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SPAN = 30 * 86_400
LINE = re.compile(r'(\S+) (.*?) \[[^\]]+\] "(\S+) (\S+)( [^"]*)?" (.*)')
VERSION = re.compile(r"(Chrome|Firefox|Version|MSIE|Opera)/\d+\.\d+")


def make_log(path: Path, lines: int) -> None:
    """Write a log of that many lines over thirty days, in almost ascending order of time."""
    chance = random.Random(4711)
    with gzip.open(REAL_LOG, "rt", errors="replace") as real:
        samples = [match.groups() for match in map(LINE.match, real) if match]
    with path.open("w") as out:
        for number in range(lines):
            client, user, method, target, protocol, rest = samples[number % len(samples)]
            at = START + dt.timedelta(seconds=number * SPAN // lines - chance.randrange(3))
            out.write(
                f"{_client(client, number // 10_000)} {user} [{at:%d/%b/%Y:%H:%M:%S} +0000] "
                f'"{method} {_target(target, chance)}{protocol or ""}" {_rest(rest, chance)}\n'
            )


def _client(client: str, block: int) -> str:
    """Most clients return for a day or so, then others come."""
    octets = client.split(".")
    octets[1] = str((int(octets[1]) + block // 17) % 256)
    octets[2] = str((int(octets[2]) * 7 + block // 5) % 256)
    return ".".join(octets)


def _target(target: str, chance: random.Random) -> str:
    draw = chance.random()
    if draw < 0.05:
        return f"/article/{chance.randrange(20_000)}"
    if draw < 0.20:
        return f"{target.partition('?')[0]}?session={chance.getrandbits(48):x}&page={chance.randrange(9)}"
    if draw < 0.23:
        return f"{target.partition('?')[0]}?utm_source=mail&utm_campaign=week-{chance.randrange(30)}"
    return target


def _rest(rest: str, chance: random.Random) -> str:
    return VERSION.sub(lambda found: f"{found.group(1)}/{chance.randrange(28, 40)}.0", rest)


@dataclass(frozen=True)
class Measured:
    """What a command took, and the last line it printed."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    last_line: str


def measure(command: Sequence[str], environment: dict[str, str]) -> Measured:
    """Run a command to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert process.stdout is not None
    output = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with exit code {process.returncode}")
    peak = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Measured(
        seconds=time.perf_counter() - start,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_mb=peak,
        last_line=(output.strip().splitlines() or [""])[-1],
    )


BARE_PARSE = """
import sys
from django_report_scheduling.contrib.web_analytics.access_log.line import parse_line
with open(sys.argv[1], "rb") as log:
    print(sum(parse_line(line) is not None for line in log))
"""
CREATE_ACCOUNT = """
from django_report_scheduling.accounts import get_account_model
get_account_model().objects.create(name="Benchmark", slug="benchmark")
"""


def run(lines: int, folder: Path, database_url: str) -> dict[str, object]:
    """Make the log, measure everything, and return the figures."""
    log = folder / "access.log"
    make_log(log, lines)
    url = database_url or f"sqlite:///{folder}/benchmark.sqlite3"
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
        **os.environ,
        "TEST_DATABASE_URL": url,
        "TEST_SCRATCH": str(folder),
    }
    django = [sys.executable, "-m", "django"]
    measure([*django, "migrate", "--verbosity", "0"], environment)
    measure([*django, "shell", "--verbosity", "0", "--command", CREATE_ACCOUNT], environment)
    bare = measure([sys.executable, "-c", BARE_PARSE, str(log)], environment)
    command = [*django, "import_access_log", str(log), "--account", "benchmark"]
    first, again = measure(command, environment), measure(command, environment)
    figures: dict[str, object] = {
        "lines": lines,
        "log_mb": round(log.stat().st_size / 1e6),
        "import_lines_per_second": round(lines / first.seconds),
        "import_lines_per_cpu_second": round(lines / first.cpu_seconds),
        "import_peak_mb": round(first.peak_mb),
        "import_summary": first.last_line,
        "again_lines_per_second": round(lines / again.seconds),
        "again_summary": again.last_line,
        "bare_parse_lines_per_second": round(lines / bare.seconds),
        "import_cpu_against_bare_parse": round(first.cpu_seconds / bare.cpu_seconds, 1),
    }
    if not database_url:
        figures["database_mb"] = round((folder / "benchmark.sqlite3").stat().st_size / 1e6)
    if goaccess := shutil.which("goaccess"):
        report = str(folder / "goaccess.json")
        options = ["--log-format=COMBINED", "--no-global-config", "--no-progress", "-o", report]
        yardstick = measure([goaccess, str(log), *options], environment)
        figures["goaccess_lines_per_second"] = round(lines / yardstick.seconds)
        figures["goaccess_peak_mb"] = round(yardstick.peak_mb)
    return figures


def main() -> None:
    """Parse the arguments, run, print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=5_000_000)
    parser.add_argument("--database-url", default="", help="an empty database; default: a SQLite file")
    parser.add_argument("--keep", type=Path, help="folder to work in and leave behind; default: a temporary one")
    arguments = parser.parse_args()
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        figures = run(arguments.lines, arguments.keep, arguments.database_url)
    else:
        with tempfile.TemporaryDirectory(prefix="import-benchmark-") as folder:
            figures = run(arguments.lines, Path(folder), arguments.database_url)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
