from __future__ import annotations

import datetime as dt

import pytest

from django_report_scheduling.contrib.web_analytics.models import Page, Referrer, UserAgent
from django_report_scheduling.exceptions import InvalidParameters
from django_report_scheduling.reports import Chart, Headline, ReportContent, Text
from tests.web_analytics.conftest import AskReport, ImportLines, day, rows
from tests.web_analytics.log_lines import CHROME, FIREFOX, GOOGLEBOT, NOON, combined

KEY = "traffic_analysis"
TODAY = day(2026, 3, 4)
MINUTE = dt.timedelta(minutes=1)


def chart(content: ReportContent) -> Chart:
    (found,) = [block for block in content.blocks if isinstance(block, Chart)]
    return found


def test_it_begins_with_the_figures_that_matter(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(), combined(NOON + MINUTE), combined(target="/a.png"), combined(agent=GOOGLEBOT))
    headline = ask(KEY, TODAY).blocks[0]

    assert isinstance(headline, Headline)
    assert [(figure.label, figure.value, figure.previous) for figure in headline.figures] == [
        ("Visits", 1, None),
        ("Visitors", 2, None),
        ("Page views", 2, None),
        ("Bots", 0.25, None),
    ]


def test_hits_are_charted_with_bots_apart(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(), combined(), combined(agent=GOOGLEBOT))

    hourly, daily = chart(ask(KEY, TODAY)), chart(ask(KEY, day(2026, 3, 2, length=7)))

    assert (hourly.title, len(hourly.labels)) == ("Hits by hour", 24)
    assert [series.values[12] for series in hourly.series] == [2, 1]
    assert (daily.title, [list(series.values) for series in daily.series]) == (
        "Hits by day",
        [[0, 0, 2, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0]],
    )


def test_visitors_of_all_kinds_add_up_to_those_of_the_period(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(
        combined(NOON),
        combined(NOON + 24 * 60 * MINUTE),
        combined(agent=CHROME, status=404),
        combined(agent=GOOGLEBOT, status=403),
        combined(agent=GOOGLEBOT, client="192.0.2.2"),
    )
    content = ask(KEY, day(2026, 3, 2, length=7))

    assert [row[-1] for row in rows(content, "client_kinds")] == [2, 1]
    assert rows(content, "bots") == [("Googlebot", 2, 1)]
    assert (content.metrics["human_visitors"], content.metrics["bot_visitors"]) == (2, 1)


def test_the_bytes_of_a_period_can_be_added_up_whatever_the_log_claims(
    ask: AskReport, import_lines: ImportLines
) -> None:
    import_lines(*[combined(size=2**63 - 1)] * 3, *[combined(size=2**50 - 1)] * 8192)

    assert rows(ask(KEY, TODAY), "status_codes")[0][2] == 8192
    assert ask("performance_summary", TODAY).metrics["bytes"] == 8192 * (2**50 - 1)


def test_top_pages_are_paths_without_query(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(
        combined(NOON, "/a?x=1"),
        combined(NOON + MINUTE, "/a?x=2"),
        combined(NOON, "/b", client="192.0.2.2"),
        combined(NOON, "/c.png"),
        combined(NOON, "/d", agent=GOOGLEBOT),
    )
    content = ask(KEY, TODAY)

    assert rows(content, "top_pages") == [("/a", 2, 1, pytest.approx(2 / 3)), ("/b", 1, 1, pytest.approx(1 / 3))]
    assert content.metrics["pages_viewed"] == 2


def test_tables_are_as_long_as_wanted_and_say_so(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(*[combined(NOON, f"/{number}") for number in range(5)])

    content = ask(KEY, TODAY, rows=2)

    assert len(rows(content, "top_pages")) == 2
    assert content.tables[0].note == "Top 2 of 5."


def test_referrers_are_the_other_sites_that_visits_came_from(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(
        combined(NOON, "/", referrer="https://www.search.example/?q=secret", client="192.0.2.1"),
        combined(NOON, "/", referrer="https://search.example/other", client="192.0.2.2"),
        combined(NOON, "/", referrer="https://shop.example/", client="192.0.2.3"),
        combined(NOON, "/", client="192.0.2.4"),
    )
    content = ask(KEY, TODAY, own_hosts="www.shop.example, blog.example")

    assert rows(content, "referrers") == [("search.example", 2, 0.5)]
    assert (content.metrics["referrer_visits"], content.metrics["direct_visits"]) == (2, 2)


def test_campaigns_win_over_referrers(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(NOON, "/?utm_source=news&utm_medium=mail", referrer="https://search.example/"))
    content = ask(KEY, TODAY)

    assert rows(content, "campaigns") == [("news / mail", 1, 1.0)]
    assert rows(content, "referrers") == []
    assert content.metrics["campaign_visits"] == 1


def test_people_and_bots_are_told_apart(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(
        combined(agent=FIREFOX),
        combined(agent=CHROME),
        combined(agent=GOOGLEBOT),
        combined(agent="-"),
        combined(agent="FeedParser/1.0"),
    )
    content = ask(KEY, TODAY)

    assert rows(content, "client_kinds") == [
        ("Browser", 2, 0.4, 2, 2),
        ("Unidentified", 1, 0.2, 1, 1),
        ("Other program", 1, 0.2, 0, 1),
        ("Bot", 1, 0.2, 0, 1),
    ]
    assert rows(content, "browsers") == [("Chrome", 1, 1, 1), ("Firefox", 1, 1, 1)]
    assert rows(content, "bots") == [("Googlebot", 1, 1)]


def test_versions_of_a_browser_count_together(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(agent=FIREFOX), combined(agent=FIREFOX.replace("128", "131")))

    assert rows(ask(KEY, TODAY), "browsers") == [("Firefox", 2, 2, 2)]


def test_status_codes_are_explained(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(size=7), combined(status=404, size=3), combined(status=499, size=0))

    assert rows(ask(KEY, TODAY), "status_codes") == [
        (200, "OK", 1, pytest.approx(1 / 3), 7),
        (404, "Not Found", 1, pytest.approx(1 / 3), 3),
        (499, "", 1, pytest.approx(1 / 3), 0),
    ]


def test_broken_links_are_what_people_or_links_ask_for(ask: AskReport, import_lines: ImportLines) -> None:
    def missing(target: str, **options: str) -> str:
        return combined(NOON, target, status=404, **options)

    import_lines(
        missing("/by-people"),
        missing("/by-people", referrer="https://a.example/x?y"),
        missing("/by-people", referrer="https://b.example/", agent=CHROME),
        missing("/by-people", referrer="https://b.example/"),
        missing("/linked", referrer="https://c.example/", agent=GOOGLEBOT),
        missing("/only-tried-by-bots", agent=GOOGLEBOT),
    )
    content = ask(KEY, TODAY)

    assert rows(content, "broken_links") == [
        ("/by-people", "https://b.example/", 4, 4),
        ("/linked", "https://c.example/", 1, 0),
    ]
    assert content.metrics["broken_links"] == 2


def test_nobody_who_links_to_a_missing_page_is_an_empty_cell(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(status=404))

    assert rows(ask(KEY, TODAY), "broken_links") == [("/", None, 1, 1)]


def test_hits_whose_page_was_deleted_do_not_break_the_report(ask: AskReport, import_lines: ImportLines) -> None:
    import_lines(combined(referrer="https://a.example/"), combined(status=404, referrer="https://a.example/"))
    for model in (Page, Referrer, UserAgent):
        model.objects.all().delete()

    content = ask(KEY, TODAY)

    assert content.metrics["hits"] == 2
    assert rows(content, "top_pages") == []


def test_an_empty_period_has_empty_tables_that_say_so(ask: AskReport) -> None:
    content = ask(KEY, TODAY)

    assert [table for table in content.tables if table.rows or not table.empty] == []
    assert [type(block) for block in content.blocks[:2]] == [Headline, Text]
    assert [block for block in content.blocks if isinstance(block, Chart)] == []
    assert content.metrics["hits"] == 0


@pytest.mark.parametrize(
    ("parameters", "field"),
    [({"rows": 0}, "rows"), ({"rows": "many"}, "rows"), ({"own_hosts": "https://a b/"}, "own_hosts"), ({"x": 1}, "x")],
)
def test_wrong_parameters_are_refused_by_name(ask: AskReport, parameters: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidParameters) as raised:
        ask(KEY, TODAY, **parameters)

    assert set(raised.value.errors) == {field}
