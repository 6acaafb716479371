"""Which period the first report of a demo is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from django_report_scheduling.choices import Frequency
from django_report_scheduling.period import Period
from django_report_scheduling.recurrence import Recurrence
from tests.example.conftest import EXAMPLE

NOW = dt.datetime(2026, 3, 11, 12, tzinfo=dt.UTC)  # a Wednesday
MONDAY = Recurrence(
    frequency=Frequency.WEEKLY, timezone="Europe/Berlin", time_of_day=dt.time(8), day_of_week=0, starts_at=NOW
)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(EXAMPLE))
    import demo.first_reports  # only here on the path
    import demo.log_file

    return demo


def slot(day: int, month: int = 3) -> dt.datetime:
    return dt.datetime(2026, month, day, 7, tzinfo=dt.UTC)


def answers(*, hits: bool) -> Callable[[Period], bool]:
    return lambda _period: hits


@pytest.mark.parametrize(
    ("newest_hit", "hits_last_week", "expected"),
    [
        pytest.param(dt.datetime(2026, 2, 18, tzinfo=dt.UTC), False, slot(23, 2), id="old log"),
        pytest.param(dt.datetime(2026, 3, 8, 22, tzinfo=dt.UTC), True, slot(9), id="ends on a Sunday evening"),
        pytest.param(dt.datetime(2026, 3, 11, 11, tzinfo=dt.UTC), True, slot(9), id="current log"),
        pytest.param(dt.datetime(2026, 3, 11, 11, tzinfo=dt.UTC), False, slot(16), id="log that began this week"),
    ],
)
def test_the_slot_shows_what_the_log_has(
    demo: Any, newest_hit: dt.datetime, hits_last_week: bool, expected: dt.datetime
) -> None:
    chosen = demo.first_reports.slot_to_show(
        MONDAY, newest_hit=newest_hit, now=NOW, has_hits=answers(hits=hits_last_week)
    )
    assert chosen == expected


@pytest.mark.parametrize(
    ("name", "slug"),
    [("access.log", "log-access"), ("www.shop.example.log.gz", "log-www-shop-example"), ("ログ.txt", "log-log")],
)
def test_each_name_of_a_log_is_an_account(demo: Any, tmp_path: Path, name: str, slug: str) -> None:
    path = tmp_path / name.removesuffix(".gz")
    path.write_text('192.0.2.1 - - [09/Mar/2026:10:00:00 +0100] "GET / HTTP/1.1" 200 5\n', encoding="ascii")
    assert demo.log_file.find_log(str(path)).slug == slug


def test_without_a_name_it_is_the_shipped_log(demo: Any) -> None:
    log = demo.log_file.find_log("")
    assert log.shipped
    assert log.slug == "demo"
