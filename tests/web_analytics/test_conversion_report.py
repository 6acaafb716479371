from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.exceptions import InvalidParameters
from django_report_scheduling.models import Account
from django_report_scheduling.reports import Chart, Headline, ReportContent, Text
from tests.web_analytics.conftest import AskReport, ImportLines, day, rows
from tests.web_analytics.factories import GoalFactory
from tests.web_analytics.log_lines import GOOGLEBOT, NOON, combined

KEY = "conversion_report"
TODAY = day(2026, 3, 4)
MINUTE = dt.timedelta(minutes=1)


def charts(content: ReportContent) -> list[Chart]:
    return [block for block in content.blocks if isinstance(block, Chart)]


def headline(content: ReportContent) -> Headline:
    (found,) = [block for block in content.blocks if isinstance(block, Headline)]
    return found


@pytest.fixture
def shop(account: Account) -> None:
    GoalFactory.create(account=account, key="product", name="Product", path_pattern="/shop/*", position=1)
    GoalFactory.create(account=account, key="cart", name="Cart", path_pattern="/cart", position=2)
    GoalFactory.create(account=account, key="order", name="Order", path_pattern="/order/*/done", position=3)


def visit(client: int, *targets: str, referrer: str = "-", agent: str | None = None) -> list[str]:
    options = {"client": f"192.0.2.{client}", **({"agent": agent} if agent else {})}
    return [
        combined(NOON + MINUTE * place, target, referrer=referrer if place == 0 else "-", **options)
        for place, target in enumerate(targets)
    ]


@pytest.fixture
def visits_to_shop(shop: None, import_lines: ImportLines) -> None:
    import_lines(
        *visit(1, "/", "/shop/shoes?colour=red", "/cart", "/order/17/done", referrer="https://search.example/"),
        *visit(2, "/shop/hats", "/", referrer="https://search.example/"),
        *visit(3, "/?utm_source=news", "/cart", "/shop/hats"),
        *visit(4, "/"),
        *visit(5, "/shop/a", "/cart", "/order/1/done", agent=GOOGLEBOT),
    )


@pytest.mark.usefixtures("visits_to_shop")
def test_goals_count_the_visits_that_reached_them_by_whatever_way(ask: AskReport) -> None:
    assert rows(ask(KEY, TODAY), "goals") == [
        ("Product", "/shop/*", 3, 0.75),
        ("Cart", "/cart", 2, 0.5),
        ("Order", "/order/*/done", 1, 0.25),
    ]


@pytest.mark.usefixtures("visits_to_shop")
def test_the_funnel_counts_only_steps_in_their_order(ask: AskReport) -> None:
    assert rows(ask(KEY, TODAY), "funnel") == [
        (1, "Product", 3, 0.75, 0.75),
        (2, "Cart", 1, pytest.approx(1 / 3), 0.25),
        (3, "Order", 1, 1.0, 0.25),
    ]


@pytest.mark.usefixtures("visits_to_shop")
def test_conversions_are_visits_that_reached_the_last_goal_by_source(ask: AskReport) -> None:
    content = ask(KEY, TODAY)

    assert rows(content, "sources") == [
        ("Referring site", "search.example", 2, 1, 0.5),
        ("Campaign", "news", 1, 0, 0.0),
        ("Direct", "typed in, bookmarked or not told", 1, 0, 0.0),
    ]
    assert (content.metrics["conversions"], content.metrics["conversion_rate"]) == (1, 0.25)
    assert (content.metrics["visits"], content.metrics["goal_product"]) == (4, 3)


@pytest.mark.usefixtures("visits_to_shop")
def test_the_main_goal_can_be_chosen(ask: AskReport) -> None:
    assert ask(KEY, TODAY, goal="cart").metrics["conversions"] == 2


@pytest.mark.usefixtures("visits_to_shop")
def test_the_previous_period_stands_beside(ask: AskReport) -> None:
    metrics = ask(KEY, day(2026, 3, 5)).metrics

    assert (metrics["conversions"], metrics["previous_conversions"]) == (0, 1)


@pytest.mark.usefixtures("visits_to_shop")
def test_conversions_are_charted_beside_those_of_the_previous_period(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(NOON - dt.timedelta(days=7), "/order/2/done"))

    (hourly,) = charts(ask(KEY, TODAY))
    (daily,) = charts(ask(KEY, day(2026, 3, 2, length=7)))

    assert (hourly.title, [list(series.values) for series in hourly.series]) == (
        "Conversions by hour",
        [[0] * 12 + [1] + [0] * 11],
    )
    assert (daily.title, [list(series.values) for series in daily.series]) == (
        "Conversions by day",
        [[0, 0, 1, 0, 0, 0, 0]] * 2,
    )


@pytest.mark.usefixtures("visits_to_shop")
def test_nothing_is_compared_with_a_period_without_data(ask: AskReport) -> None:
    content = ask(KEY, TODAY)

    assert [figure.previous for figure in headline(content).figures] == [None] * 3
    assert [block.text for block in content.blocks if isinstance(block, Text)] == ["No data for the previous period."]
    assert (content.metrics["previous_conversions"], content.metrics["previous_conversion_rate"]) == (0, None)


@pytest.mark.usefixtures("shop")
def test_visits_without_one_conversion_are_not_charted(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined())

    assert charts(ask(KEY, TODAY)) == []


@pytest.mark.usefixtures("shop")
def test_an_unknown_main_goal_is_refused_with_those_that_exist(ask: AskReport) -> None:
    with pytest.raises(InvalidParameters, match="no goal “sale”; its goals are: product, cart, order"):
        ask(KEY, TODAY, goal="sale")


@pytest.mark.usefixtures("visits_to_shop")
def test_a_goal_twice_on_a_visit_is_one_conversion(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(*visit(9, "/cart", "/cart"))

    assert ask(KEY, TODAY, goal="cart").metrics["conversions"] == 3


def test_without_goals_it_says_what_to_do(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined())
    content = ask(KEY, TODAY)

    assert [block.title for block in content.blocks if isinstance(block, Text)] == ["", "No goals yet"]
    metrics = content.metrics
    assert (metrics["visits"], metrics["conversions"], metrics["conversion_rate"]) == (1, None, None)


def test_without_goals_it_still_tells_where_visits_came_from_and_nothing_else(
    ask: AskReport, import_lines: ImportLines
) -> None:
    import_lines(*visit(1, "/", referrer="https://search.example/"), *visit(2, "/"), *visit(3, "/"), *visit(4, "/"))
    content = ask(KEY, TODAY)

    assert [table.key for table in content.tables if table.on_page] == ["sources"]
    assert rows(content, "sources") == [
        ("Direct", "typed in, bookmarked or not told", 3, 0.75),
        ("Referring site", "search.example", 1, 0.25),
    ]
    assert [figure.label for figure in headline(content).figures] == ["Visits", "Page views", "Page views per visit"]
    assert charts(content) == []


def test_machines_find_the_same_tables_with_and_without_goals(ask: AskReport) -> None:
    assert [table.key for table in ask(KEY, TODAY).tables] == ["goals", "funnel", "sources"]


@pytest.mark.usefixtures("shop")
def test_without_traffic_everything_is_zero(ask: AskReport) -> None:
    content = ask(KEY, TODAY)

    assert [row[2] for row in rows(content, "goals")] == [0, 0, 0]
    assert rows(content, "funnel")[0] == (1, "Product", 0, None, None)
    assert content.metrics["conversion_rate"] is None


def test_goals_of_other_accounts_do_not_count(ask: AskReport, import_lines: ImportLines) -> None:
    GoalFactory.create(path_pattern="/")
    import_lines(combined())

    content = ask(KEY, TODAY)

    assert "No goals yet" in [block.title for block in content.blocks if isinstance(block, Text)]
