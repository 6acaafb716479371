from __future__ import annotations

import datetime as dt
from typing import cast

import pytest

from django_report_scheduling.models import Account
from django_report_scheduling.period import Period
from django_report_scheduling.reports import Chart, ChartKind, Headline, ReportContent, Text
from tests.factories import AccountFactory
from tests.web_analytics.conftest import AskReport, ImportLines, day, rows
from tests.web_analytics.log_lines import CHROME, GOOGLEBOT, NOON, combined

KEY = "performance_summary"
DAYS = dt.timedelta(days=1)
WEEK = day(2026, 3, 2, length=7)


def charts(content: ReportContent) -> list[Chart]:
    return [block for block in content.blocks if isinstance(block, Chart)]


@pytest.fixture
def some_traffic(import_lines: ImportLines) -> None:
    import_lines(
        combined(NOON, size=100),
        combined(NOON, "/logo.png", size=50),
        combined(NOON + dt.timedelta(hours=2), "/gone", status=404, size=10),
        combined(NOON + dt.timedelta(hours=2), "/broken", status=500, size=5),
        combined(NOON, client="192.0.2.2", agent=GOOGLEBOT, size=1000),
        combined(NOON + DAYS, size=100),
        combined(NOON - 7 * DAYS, size=30),
    )


@pytest.mark.usefixtures("some_traffic")
def test_metrics_count_hits_people_and_bots(ask: AskReport) -> None:
    metrics = ask(KEY, WEEK).metrics

    now = {name: value for name, value in metrics.items() if not name.startswith("previous_")}
    assert now == {
        "hits": 6,
        "human_hits": 5,
        "bot_hits": 1,
        "bytes": 1265,
        "visitors": 3,
        "human_visitors": 2,
        "bot_visitors": 1,
        "visits": 2,
        "page_views": 2,
        "pages_per_visit": 1.0,
        "errors": 2,
        "client_errors": 1,
        "server_errors": 1,
        "error_rate": pytest.approx(1 / 3),
    }


@pytest.mark.usefixtures("some_traffic")
def test_metrics_of_the_previous_period_stand_beside(ask: AskReport) -> None:
    metrics = ask(KEY, WEEK).metrics

    assert (metrics["previous_hits"], metrics["previous_bytes"], metrics["previous_error_rate"]) == (1, 30, 0.0)


@pytest.mark.usefixtures("some_traffic")
def test_headline_figures_carry_the_previous_value(ask: AskReport) -> None:
    figures = [figure for block in ask(KEY, WEEK).blocks if isinstance(block, Headline) for figure in block.figures]

    assert [(figure.value, figure.previous) for figure in figures] == [
        (2, 1),
        (3, 1),
        (2, 1),
        (6, 1),
        (1265, 30),
        (pytest.approx(1 / 3), 0.0),
    ]


@pytest.mark.usefixtures("some_traffic")
def test_a_week_is_charted_by_the_day(ask: AskReport) -> None:
    views, visits = charts(ask(KEY, WEEK))

    assert (views.labels[2], views.kind) == (dt.date(2026, 3, 4), ChartKind.BAR)
    assert list(views.series[0].values) == list(visits.series[0].values) == [0, 0, 1, 1, 0, 0, 0]
    assert list(views.series[1].values) == [0, 0, 1, 0, 0, 0, 0]


@pytest.mark.usefixtures("some_traffic")
def test_a_day_is_charted_by_the_hour(ask: AskReport) -> None:
    content = ask(KEY, day(2026, 3, 4))
    views = charts(content)[0]

    assert len(views.labels) == 24
    assert cast("dt.datetime", views.labels[12]).isoformat() == "2026-03-04T12:00:00+00:00"
    assert views.series[0].values[12] == 1
    assert views.kind is ChartKind.LINE
    assert rows(content, "by_hour")[14][1:] == (0, 1, 0, 2, 15, 2)


@pytest.mark.usefixtures("some_traffic")
def test_days_of_the_table_add_up_to_the_metrics(ask: AskReport) -> None:
    content = ask(KEY, WEEK)
    sums = [sum(cast("int", row[column]) for row in rows(content, "by_day")) for column in range(1, 7)]

    names = ("visits", "visitors", "page_views", "hits", "bytes", "errors")
    assert sums == [content.metrics[name] for name in names]


def test_nothing_is_compared_with_a_period_without_data(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined())
    content = ask(KEY, WEEK)

    figures = [figure for block in content.blocks if isinstance(block, Headline) for figure in block.figures]
    assert {figure.previous for figure in figures} == {None}
    assert [[series.name for series in chart.series] for chart in charts(content)] == [["This period"]] * 2
    assert [block.text for block in content.blocks if isinstance(block, Text)] == ["No data for the previous period."]
    assert (content.metrics["previous_hits"], content.metrics["previous_error_rate"]) == (0, None)


def test_a_period_without_data_is_compared_with_one_that_has_some(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(NOON - 7 * DAYS))
    content = ask(KEY, WEEK)

    (headline, _second) = [block for block in content.blocks if isinstance(block, Headline)]
    assert [(figure.value, figure.previous) for figure in headline.figures] == [(0, 1)] * 3


def test_a_shorter_previous_period_leaves_gaps_in_its_series(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(NOON))
    autumn = day(2026, 3, 29, zone="Europe/Berlin", length=1)
    import_lines(
        combined(dt.datetime(2026, 3, 29, 12, tzinfo=dt.UTC)), combined(dt.datetime(2026, 3, 28, 12, tzinfo=dt.UTC))
    )

    views = charts(ask(KEY, autumn))[0]

    assert [len(series.values) for series in views.series] == [23, 23]


def test_the_day_is_that_of_the_schedules_zone(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(dt.datetime(2026, 3, 3, 23, 30, tzinfo=dt.UTC)))

    assert ask(KEY, day(2026, 3, 4, zone="Europe/Berlin")).metrics["hits"] == 1
    assert ask(KEY, day(2026, 3, 4)).metrics["hits"] == 0


def test_a_period_is_half_open(ask: AskReport, import_lines: ImportLines) -> None:
    midnight = NOON.replace(hour=0)
    import_lines(combined(midnight), combined(midnight + DAYS - dt.timedelta(seconds=1)), combined(midnight + DAYS))

    assert ask(KEY, day(2026, 3, 4)).metrics["hits"] == 2


def test_a_visitor_of_two_days_counts_on_both(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(NOON), combined(NOON + dt.timedelta(hours=1)), combined(NOON + DAYS))

    assert ask(KEY, WEEK).metrics["visitors"] == 2


def test_days_of_another_zone_than_the_logs_share_visitors(ask: AskReport, import_lines: ImportLines) -> None:
    midnight_in_berlin = dt.datetime(2026, 3, 4, 23, tzinfo=dt.UTC)
    import_lines(*[combined(midnight_in_berlin + dt.timedelta(minutes=minutes)) for minutes in (-5, 0, 5)])

    content = ask(KEY, day(2026, 3, 2, zone="Europe/Berlin", length=7))

    assert [row[2] for row in rows(content, "by_day")] == [0, 0, 1, 1, 0, 0, 0]
    assert content.metrics["visitors"] == 1
    assert content.tables[0].note.startswith("These add up to more visitors than the period has")


@pytest.mark.parametrize("period", [WEEK, day(2026, 3, 4)])
def test_parts_that_share_no_visitors_need_no_explanation(
    ask: AskReport, import_lines: ImportLines, period: Period
) -> None:
    import_lines(combined(NOON), combined(NOON + DAYS))

    assert ask(KEY, period).tables[0].note == ""


def test_who_meets_nothing_but_client_errors_is_no_visitor(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(status=404), combined(agent=CHROME, status=500))

    assert ask(KEY, WEEK).metrics["visitors"] == 1


def test_other_accounts_do_not_show(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(), account_id=str(AccountFactory.create().pk))

    assert ask(KEY, WEEK).metrics["hits"] == 0


@pytest.mark.parametrize("imported", [True, False])
def test_an_empty_period_is_all_zero_and_says_why(
    account: Account, ask: AskReport, import_lines: ImportLines, imported: bool
) -> None:
    if imported:
        import_lines(combined(NOON - 90 * DAYS))
    content = ask(KEY, WEEK)

    assert {name: value for name, value in content.metrics.items() if value} == {}
    assert content.metrics["error_rate"] is None
    (text,) = [block for block in content.blocks if isinstance(block, Text)]
    assert ("No access log has been imported" in text.text) is not imported
