from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.contrib.web_analytics.models import Referrer
from django_report_scheduling.contrib.web_analytics.queries.span import Span
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic
from django_report_scheduling.contrib.web_analytics.queries.visits import Visit, visits
from django_report_scheduling.models import Account
from tests.web_analytics.conftest import ImportLines
from tests.web_analytics.log_lines import CHROME, GOOGLEBOT, NOON, combined

DAY = Span.between(NOON.replace(hour=0), NOON.replace(hour=0) + dt.timedelta(days=1))


def minutes(number: float) -> dt.datetime:
    return NOON + dt.timedelta(minutes=number)


def found(account: Account, span: Span = DAY) -> list[Visit]:
    return list(visits(Traffic.of(str(account.pk)), span))


def test_page_views_less_than_half_an_hour_apart_are_one_visit(account: Account, import_lines: ImportLines) -> None:
    import_lines(combined(minutes(0)), combined(minutes(29.9)), combined(minutes(59)))

    assert [visit.page_views for visit in found(account)] == [3]


def test_half_an_hour_without_a_page_view_ends_a_visit(account: Account, import_lines: ImportLines) -> None:
    import_lines(combined(minutes(0)), combined(minutes(30)))

    assert [visit.page_views for visit in found(account)] == [1, 1]


def test_each_visitor_is_on_a_visit_of_their_own(account: Account, import_lines: ImportLines) -> None:
    import_lines(combined(minutes(0)), combined(minutes(1), agent=CHROME), combined(minutes(2), client="2001:db8::9"))

    assert len(found(account)) == 3


def test_a_visit_ends_at_the_midnight_of_the_log(account: Account, import_lines: ImportLines) -> None:
    tokyo = dt.timezone(dt.timedelta(hours=9))
    import_lines(
        *[combined(dt.datetime(2026, 3, 4, 23, 55, tzinfo=tokyo) + dt.timedelta(minutes=m)) for m in (0, 4, 9)]
    )

    assert sorted(visit.page_views for visit in found(account)) == [1, 2]


def test_bots_assets_and_errors_make_no_visit(account: Account, import_lines: ImportLines) -> None:
    import_lines(combined(agent=GOOGLEBOT), combined(target="/a.png"), combined(status=404), combined(method="POST"))

    assert found(account) == []


def test_a_visit_belongs_to_the_period_in_which_it_began(account: Account, import_lines: ImportLines) -> None:
    import_lines(combined(minutes(-10)), combined(minutes(10)))
    noon = int(NOON.timestamp())

    assert len(found(account, Span(noon - 3600, noon))) == 1
    assert found(account, Span(noon, noon + 3600)) == []


def test_a_visit_is_known_by_what_led_to_its_first_page_view(account: Account, import_lines: ImportLines) -> None:
    import_lines(
        combined(minutes(0), referrer="https://search.example/"),
        combined(minutes(0), "/next", referrer="https://shop.example/"),
        combined(minutes(9), "/?utm_source=mail"),
    )
    (visit,) = found(account)

    assert Referrer.objects.get(pk=visit.referrer).host == "search.example"
    assert visit.campaign is None


@given(gaps=st.lists(st.integers(0, 3600), min_size=1, max_size=30))
def test_there_are_as_many_visits_as_long_pauses_and_one(gaps: list[int]) -> None:
    """Against a second, simpler way of counting, without a database."""
    moments = [sum(gaps[: place + 1]) for place in range(len(gaps))]

    class Views(Traffic):
        def hits(self, span: Span) -> object:  # type: ignore[override] # only what visits() asks for
            return _Rows([(1, moment, None, None, 1) for moment in moments])

    counted = list(visits(Views(site_id=1, own_hosts=frozenset()), Span(0, moments[-1] + 1)))

    assert len(counted) == 1 + sum(gap >= 1800 for gap in gaps[1:])
    assert sum(visit.page_views for visit in counted) == len(moments)


class _Rows:
    def __init__(self, rows: list[tuple[object, ...]]) -> None:
        self.rows = rows

    def filter(self, **_conditions: object) -> _Rows:
        return self

    order_by = values_list = lambda self, *_columns: self

    def iterator(self, chunk_size: int) -> list[tuple[object, ...]]:
        return self.rows
