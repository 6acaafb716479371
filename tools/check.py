"""``make test``: every check and every test, one after the other; ends with a table of what ran and what did not."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree as ET

from tools import services, test_programs
from tools.prepare import ROOT
from tools.shell import run, run_quietly, tell

MIN_COVERAGE_VARIABLE = "MIN_COVERAGE"
HOSTS = {
    "default account": {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    "account of the host": {
        "DJANGO_SETTINGS_MODULE": "tests.swapped.settings",
        "SWAPPED_ACCOUNT_MODEL": "crm.Customer",
    },
}
SERVICES = (services.POSTGRESQL, services.MARIADB, services.REDIS, services.RABBITMQ)
ENGINE = ("tests/concurrency", "tests/migrations", "tests/models", "tests/services", "tests/tasks/test_tick.py")
"""What another database may do differently."""
IN_PARALLEL = "tests/api"
"""Thousands of short tests that share nothing: one process for each processor."""
OWN_DATABASE = ("tests/example/test_api.py", "tests/example/test_demo.py")
"""What brings a database of its own, so that once is enough."""
OK, FAILED, NOT_RUN = "ok", "FAILED", "not run"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One command.

    :param live: whether its output is shown while it runs, rather than only when it fails.
    """

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    live: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What came of a step, or why it was not run."""

    name: str
    outcome: str
    note: str


def main() -> None:
    """Run everything, print the table, and fail if anything failed."""
    os.chdir(ROOT)
    left_out = [Result(name=name, outcome=NOT_RUN, note=why) for name, why in test_programs.install_what_is_missing()]
    with tempfile.TemporaryDirectory(prefix="report-scheduling-checks-") as name:
        scratch = Path(name)
        found = {service.marker: service.find() for service in SERVICES}
        left_out += _services_not_found(found)
        left_out.append(Result(name="chaos suite, long", outcome=NOT_RUN, note="by name alone: make chaos"))
        results = [_run(step) for step in (*_static_steps(scratch), *_test_steps(scratch, found), *_package_steps())]
        counts = _counts(scratch)
    _table([*results, *left_out])
    tell(counts)
    sys.exit(any(result.outcome == FAILED for result in results))


def _static_steps(scratch: Path) -> Iterator[Step]:
    python = sys.executable
    yield Step(name="ruff check", arguments=(python, "-m", "ruff", "check", "."))
    yield Step(name="ruff format", arguments=(python, "-m", "ruff", "format", "--check", "."))
    yield Step(name="mypy", arguments=(python, "-m", "mypy"))
    yield Step(name="import-linter", arguments=(str(Path(python).with_name("lint-imports")), "--no-cache"))
    for name, environment in HOSTS.items():
        yield Step(
            name=f"migrations complete ({name})",
            arguments=(python, "-m", "django", "makemigrations", "--check", "--dry-run"),
            environment=environment | {"PYTHONPATH": str(ROOT)},
        )
    yield Step(
        name="system checks of the example",
        arguments=(python, "example_project/manage.py", "check", "--fail-level", "WARNING"),
        environment={"EXAMPLE_VAR_DIR": str(scratch / "var")},
    )


def _test_steps(scratch: Path, found: Mapping[str, str]) -> Iterator[Step]:
    brokers = {
        service.variable: found[service.marker]
        for service in (services.REDIS, services.RABBITMQ)
        if found[service.marker]
    }
    absent = [f"not {marker}" for marker in ("redis", "rabbitmq") if not found[marker]]
    yield from _pytests("SQLite", scratch, brokers | {"TEST_DATABASE_URL": ""}, ["not postgresql", *absent])
    if found["postgresql"]:
        environment = brokers | {"TEST_DATABASE_URL": found["postgresql"]}
        yield from _pytests("PostgreSQL", scratch, environment, absent, *(f"--ignore={path}" for path in OWN_DATABASE))
    if found["mysql"]:
        yield _pytest(
            "MariaDB", scratch, brokers | {"TEST_DATABASE_URL": found["mysql"]}, ["not postgresql", *absent], *ENGINE
        )
    coverage = (sys.executable, "-m", "coverage")
    yield Step(
        name="coverage combined",
        arguments=(*coverage, "combine", "--keep", "--data-file", str(scratch / ".coverage"), str(scratch)),
    )
    minimum = os.environ.get(MIN_COVERAGE_VARIABLE)
    yield Step(
        name="coverage report",
        arguments=(
            *coverage,
            "report",
            "--data-file",
            str(scratch / ".coverage"),
            *([f"--fail-under={minimum}"] if minimum else []),
        ),
        live=True,
    )


def _pytests(name: str, scratch: Path, environment: Mapping[str, str], marks: list[str], *more: str) -> Iterator[Step]:
    yield _pytest(f"{name}, API", scratch, environment, marks, "--numprocesses=auto", IN_PARALLEL)
    yield _pytest(name, scratch, environment, marks, f"--ignore={IN_PARALLEL}", *more)


def _pytest(name: str, scratch: Path, environment: Mapping[str, str], marks: list[str], *more: str) -> Step:
    return Step(
        name=f"tests on {name}",
        arguments=(
            *(sys.executable, "-m", "pytest", "--cov", "--cov-report=", f"--junitxml={scratch / name}.xml", *more),
            *(("-m", " and ".join(marks)) if marks else ()),
        ),
        environment=environment | {"COVERAGE_FILE": str(scratch / f".coverage.{name}")},
        live=True,
    )


def _package_steps() -> Iterator[Step]:
    python = sys.executable
    yield Step(
        name="documentation",
        arguments=(python, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html"),
    )
    yield Step(name="wheel", arguments=(python, "-m", "tools.wheel_content"))


def _services_not_found(found: Mapping[str, str]) -> Iterator[Result]:
    for service in SERVICES:
        if not found[service.marker]:
            note = f"no server answers on its standard local port, and {service.variable} is not set"
            yield Result(name=f"tests on {service.name}", outcome=NOT_RUN, note=note)


def _run(step: Step) -> Result:
    tell(f"\n==> {step.name}")
    start = time.monotonic()
    if step.live:
        status = run(step.arguments, environment=step.environment)
    else:
        status, output = run_quietly(step.arguments, environment=step.environment)
        tell(output.strip() if status else f"{OK}")
    return Result(name=step.name, outcome=FAILED if status else OK, note=f"{time.monotonic() - start:.0f} s")


def _counts(scratch: Path) -> str:
    passed = failed = skipped = 0
    for path in scratch.glob("*.xml"):
        for suite in ET.parse(path).getroot().iter("testsuite"):  # noqa: S314  # pytest wrote it just now
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            out = int(suite.get("skipped", 0))
            failed, skipped = failed + bad, skipped + out
            passed += int(suite.get("tests", 0)) - bad - out
    return f"{passed} passed, {failed} failed, {skipped} skipped"


def _table(results: list[Result]) -> None:
    width = max(len(result.name) for result in results)
    tell("\n" + "=" * 80)
    for result in results:
        tell(f"{result.name:<{width}}  {result.outcome:<8} {result.note}")
    tell("=" * 80)


if __name__ == "__main__":
    main()
