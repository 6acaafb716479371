"""The arithmetic and the table of the dispatch benchmark, without any server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.dispatching import rows, servers
from benchmarks.dispatching.command_line import main
from benchmarks.dispatching.figures import extrapolated, medians
from benchmarks.dispatching.sizes import QUICK
from benchmarks.dispatching.table import Row, markdown, number
from benchmarks.dispatching.urls import database_settings, with_database

NOBODY = "redis://127.0.0.1:1/0"


def row(**changes: object) -> Row:
    values = {"key": "k", "what": "speed", "measured": 3.5, "target": 3, "unit": "×", "at_least": True}
    return Row(**values | changes)


def test_each_figure_has_its_own_median() -> None:
    rounds = [{"wall": 3.0, "cpu": 1.0}, {"wall": 1.0, "cpu": 3.0}, {"wall": 2.0, "cpu": 9.0}]

    assert medians(rounds) == {"wall": 2.0, "cpu": 3.0}


def test_rounds_that_measured_different_things_have_no_median() -> None:
    with pytest.raises(ValueError, match="different things"):
        medians([{"wall": 1.0}, {"cpu": 1.0}])


@pytest.mark.parametrize("to", [1_000, 10_000, 100_000])
def test_a_cost_that_grows_with_the_rows_is_extrapolated(to: int) -> None:
    def seconds(tasks: int) -> float:
        return tasks * (0.004 + 0.000002 * tasks)

    found = extrapolated((1_000, seconds(1_000)), (10_000, seconds(10_000)), to=to)

    assert found == pytest.approx(seconds(to))


@pytest.mark.parametrize(
    ("measured", "at_least", "reached"),
    [(3.0, True, True), (2.9, True, False), (3.0, False, True), (3.1, False, False)],
)
def test_a_target_is_reached_from_its_side(measured: float, at_least: bool, reached: bool) -> None:
    assert row(measured=measured, at_least=at_least).reached is reached


@pytest.mark.parametrize(
    ("value", "text"),
    [(1234.4, "1,234"), (56.7, "57"), (7.81, "7.8"), (0.268, "0.27"), (2, "2"), (0, "0"), (-0.5, "-0.50")],
)
def test_a_figure_shows_the_digits_that_mean_something(value: float, text: str) -> None:
    assert number(value) == text


def test_the_table_says_what_was_not_reached_and_against_what() -> None:
    table = markdown([row(against="the old way", how="2 s against 7 s"), row(measured=1, at_least=True)])

    header, _rule, first, second = table.splitlines()
    assert [cell.strip() for cell in header.strip("|").split("|")][:5] == [
        "what", "against", "measured", "target", "reached",
    ]  # fmt: skip
    assert "the old way" in first
    assert "| yes " in first
    assert "| no " in second
    assert len({len(line) for line in table.splitlines()}) == 1


def test_a_database_url_becomes_settings() -> None:
    found = database_settings("postgres://me:p%40ss@db.example:5433/reports")

    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("reports", "me", "p@ss")
    assert (found["HOST"], found["PORT"]) == ("db.example", "5433")


@pytest.mark.parametrize("url", ["sqlite:///db.sqlite3", "postgres://me:secret@db.example", "nonsense"])
def test_another_url_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="no URL of a PostgreSQL database") as refused:
        database_settings(url)

    assert "secret" not in str(refused.value)


def test_another_database_on_the_same_server() -> None:
    assert with_database("postgres://me:x@db.example:5433/postgres", "other") == "postgres://me:x@db.example:5433/other"


def test_every_row_has_a_name_of_its_own() -> None:
    assert len(set(rows.KEYS)) == len(rows.KEYS)


class Lab:
    """Answers every run with the same figures, and remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def medians(self, runs: dict[str, object]) -> dict[str, dict[str, float]]:
        self.asked += runs
        walls = {"celery-beat 10": 1.0, "celery-beat 20": 4.0}
        return {name: {"wall": walls.get(name, 0.5), "cpu": 1.0, "grown_mb": 2.0} for name in runs}


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("celery-beat", "package 10, celery-beat 10, package 20, celery-beat 20, package 40"),
        ("redbeat", "package 10, redbeat 10, package 20, redbeat 20, package 40, redbeat 40"),
        ("orm-loop", "package 20, orm-loop 20"),
        ("memory", "package 40"),
    ],
)
def test_only_what_a_row_needs_is_run(key: str, asked: str) -> None:
    lab = Lab()

    found = list(rows.broker.rows(lab, QUICK, {key}))

    assert ", ".join(lab.asked) == asked
    assert {row.key for row in found} == {key}


def test_the_largest_size_of_django_celery_beat_is_extrapolated_and_says_so() -> None:
    *_measured, largest = rows.broker.rows(Lab(), QUICK, {"celery-beat"})

    assert largest.measured == pytest.approx(16 / 0.5)
    assert largest.against == "django-celery-beat, extrapolated"


def test_a_sample_of_django_celery_beat_says_so() -> None:
    first, second, _largest = rows.broker.rows(Lab(), replace(QUICK, celery_beat_sample=15), {"celery-beat"})

    assert first.against == "django-celery-beat"
    assert second.against == "django-celery-beat, 15 of 20 timed"


def test_a_missing_extra_is_named_with_the_command_that_installs_it() -> None:
    with pytest.raises(servers.Missing, match=r"no_such_module.*\n.*pip install -e '.*\[bench\]'"):
        servers.require("json", "no_such_module")


def test_a_redis_that_does_not_answer_is_named_with_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("redis", reason="needs redis")

    assert main("", ["--only", "idle", "--redis-url", NOBODY]) == 2
    assert "--redis-url" in capsys.readouterr().err


def test_an_unknown_row_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main("", ["--only", "moon-phase"])

    assert "idle" in capsys.readouterr().err
