from __future__ import annotations

import datetime as dt
import io
import threading

import pytest
from django.db import connections

from django_report_scheduling.contrib.web_analytics.access_log.exceptions import AccessLogError
from django_report_scheduling.contrib.web_analytics.importing import ImportResult, dimensions, import_access_log
from django_report_scheduling.contrib.web_analytics.importing.dimensions import Dimensions
from django_report_scheduling.contrib.web_analytics.models import Campaign, Hit, Page, Referrer, Site, UserAgent
from tests.factories import AccountFactory
from tests.web_analytics.conftest import ImportLines
from tests.web_analytics.log_lines import CHROME, FIREFOX, GOOGLEBOT, NOON, combined, common

MINUTE = dt.timedelta(minutes=1)


def test_a_line_becomes_a_hit(import_lines: ImportLines) -> None:
    import_lines(combined(NOON, "/a?utm_source=mail", status=200, size=7, referrer="https://www.example.com/b?c"))

    hit = Hit.objects.select_related("page", "referrer", "campaign", "user_agent").get()
    assert hit.page is not None
    assert hit.referrer is not None
    assert (hit.at, hit.status, hit.size, hit.bot, hit.page_view) == (NOON, 200, 7, False, True)
    assert (str(hit.page), hit.referrer.host, str(hit.referrer)) == ("/a", "example.com", "https://www.example.com/b")
    assert (str(hit.campaign), str(hit.user_agent), str(hit)) == ("mail", FIREFOX, "2026-03-04 12:00:00 200")


def test_a_line_in_common_format_has_no_referrer_and_no_user_agent(import_lines: ImportLines) -> None:
    import_lines(common())

    hit = Hit.objects.get()
    assert (hit.referrer_id, hit.user_agent_id, hit.page_view) == (None, None, True)


def test_a_malformed_request_is_a_hit_without_a_page(import_lines: ImportLines) -> None:
    import_lines('192.0.2.1 - - [04/Mar/2026:12:00:00 +0000] "\\x16\\x03" 400 226 "-" "-"')

    hit = Hit.objects.get()
    assert (hit.page_id, hit.status, hit.size, hit.page_view) == (None, 400, 226, False)


@pytest.mark.parametrize(
    ("line", "page_view"),
    [
        (combined(), True),
        (combined(status=204), True),
        (combined(status=304, size="-"), True),
        (combined(agent="-"), True),
        (combined(agent="Mozilla/5.0"), True),
        (combined(target="/guide.pdf"), True),
        (combined(status=206), False),
        (combined(status=301), False),
        (combined(status=404), False),
        (combined(status=500), False),
        (combined(method="POST"), False),
        (combined(method="HEAD"), False),
        (combined(target="/style.css"), False),
        (combined(agent=GOOGLEBOT), False),
        (combined(agent="UniversalFeedParser/4.2"), False),
    ],
)
def test_a_page_view_is_a_successful_get_of_a_page_by_a_person(
    import_lines: ImportLines, line: str, page_view: bool
) -> None:
    import_lines(line)

    assert Hit.objects.get().page_view is page_view


def test_the_same_lines_again_add_nothing(import_lines: ImportLines) -> None:
    lines = [combined(NOON + MINUTE * number) for number in range(5)]
    import_lines(*lines)

    result = import_lines(*lines)

    assert (result.imported, result.duplicates) == (0, 5)
    assert Hit.objects.count() == 5


def test_an_overlapping_log_adds_only_what_is_new(import_lines: ImportLines) -> None:
    lines = [combined(NOON + MINUTE * number) for number in range(8)]
    import_lines(*lines[:5])

    result = import_lines(*lines[3:])

    assert (result.imported, result.duplicates) == (3, 2)


def test_equal_lines_in_one_log_are_separate_hits(import_lines: ImportLines) -> None:
    lines = [combined()] * 3

    first, again = import_lines(*lines), import_lines(*lines)

    assert (first.imported, first.duplicates) == (3, 0)
    assert (again.imported, again.duplicates) == (0, 3)


def test_batches_do_not_change_what_is_imported(import_lines: ImportLines) -> None:
    lines = [combined(NOON + MINUTE * (number // 2)) for number in range(7)]

    first, again = import_lines(*lines, batch_size=2), import_lines(*lines, batch_size=3)

    assert (first.imported, again.duplicates) == (7, 7)


def test_windows_line_ends_and_blank_lines_do_not_matter(import_lines: ImportLines) -> None:
    result = import_lines(combined() + "\r", "", "  ")

    assert (result.imported, result.unreadable, result.lines) == (1, 0, 3)
    assert import_lines(combined()).duplicates == 1


def test_unreadable_lines_are_counted_and_named_and_do_not_stop_the_rest(import_lines: ImportLines) -> None:
    result = import_lines("192.0.2.9 is unreadable", combined(), "also unreadable", "x" * 70_000)

    assert (result.imported, result.unreadable) == (1, 3)
    named = [(line.number, line.excerpt) for line in result.first_unreadable]
    assert named == [(1, "… is unreadable"), (3, "… unreadable"), (4, "…")]


def test_a_moment_that_does_not_exist_makes_a_line_unreadable(import_lines: ImportLines) -> None:
    result = import_lines(combined(), combined().replace("04/Mar", "31/Feb"))

    assert (result.imported, result.unreadable) == (1, 1)


def test_only_the_first_unreadable_lines_are_named(import_lines: ImportLines) -> None:
    result = import_lines(combined(), *["unreadable"] * 50)

    assert (result.unreadable, len(result.first_unreadable)) == (50, 20)


@pytest.mark.parametrize("lines", [["no log"], [combined().replace("04/Mar", "31/Feb")], [""]])
def test_a_file_without_one_readable_line_is_refused_and_leaves_nothing(
    import_lines: ImportLines, lines: list[str]
) -> None:
    with pytest.raises(AccessLogError, match=r"Not one of 1 lines could be read, so nothing was imported\."):
        import_lines(*lines)

    assert not Site.objects.exists()


def test_no_client_address_is_in_the_database(import_lines: ImportLines) -> None:
    import_lines(combined(client="203.0.113.77"), combined(client="2001:db8::77"), combined(client="pc7.isp.example"))

    stored = str([list(model.objects.values()) for model in (Hit, Page, Referrer, Campaign, UserAgent, Site)])
    assert not [address for address in ("203.0.113.77", "2001:db8::77", "isp.example") if address in stored]


def test_a_visitor_is_a_client_with_a_user_agent(import_lines: ImportLines) -> None:
    import_lines(
        combined(NOON), combined(NOON + MINUTE), combined(NOON, agent=CHROME), combined(NOON, client="192.0.2.2")
    )

    assert Hit.objects.values("visitor").distinct().count() == 3


@pytest.mark.parametrize("zone", [dt.UTC, dt.timezone(dt.timedelta(hours=9)), dt.timezone(dt.timedelta(hours=-7))])
def test_nobody_can_be_followed_from_one_day_of_the_log_to_the_next(
    import_lines: ImportLines, zone: dt.timezone
) -> None:
    midnight = dt.datetime(2026, 3, 4, tzinfo=zone)
    import_lines(combined(midnight - MINUTE), combined(midnight), combined(midnight + 24 * 60 * MINUTE - MINUTE))

    before, *after = Hit.objects.order_by("unix_time").values_list("visitor", flat=True)
    assert before not in after
    assert after[0] == after[1]


def test_client_and_user_agent_are_told_apart_in_the_key_of_a_visitor(import_lines: ImportLines) -> None:
    import_lines(combined(client="a", agent="b c"), combined(client="ab", agent=" c"))

    assert Hit.objects.values("visitor").distinct().count() == 2


def test_nobody_can_be_followed_from_one_account_to_another(import_lines: ImportLines) -> None:
    import_lines(combined())
    import_lines(combined(), account_id=str(AccountFactory.create().pk))

    assert Hit.objects.values("visitor").distinct().count() == 2


def test_pages_and_user_agents_are_stored_once(import_lines: ImportLines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dimensions, "REMEMBERED", 1)
    monkeypatch.setattr(dimensions.BoundedMemo.__init__, "__defaults__", (1,))
    import_lines(*[combined(NOON + MINUTE * number, f"/{number % 2}?{number}") for number in range(6)])
    import_lines(combined(agent=CHROME), combined(target="/0", agent=GOOGLEBOT))

    assert sorted(Page.objects.values_list("path", flat=True)) == ["/", "/0", "/1"]
    assert UserAgent.objects.count() == 3


@pytest.mark.parametrize("size", [2**50, 2**63 - 1, "9" * 30, "9" * 5000])
def test_a_line_whose_size_cannot_be_is_counted_and_named(import_lines: ImportLines, size: int | str) -> None:
    result = import_lines(combined(size=2**50 - 1), combined(size=size))

    assert (result.imported, result.unreadable) == (1, 1)
    assert [line.number for line in result.first_unreadable] == [2]
    assert Hit.objects.get().size == 2**50 - 1


def test_progress_is_told_after_every_batch(import_lines: ImportLines) -> None:
    told: list[int] = []

    def progress(result: ImportResult) -> None:
        told.append(result.imported)

    import_lines(*[combined(NOON + MINUTE * number) for number in range(5)], batch_size=2, progress=progress)

    assert told == [2, 4]


def test_what_is_interrupted_is_completed_by_running_it_again(
    import_lines: ImportLines, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [combined(NOON + MINUTE * number) for number in range(6)]
    with monkeypatch.context() as broken:
        flushes = iter([None, None])
        flush = Dimensions.flush

        def fail_at_the_third(self: Dimensions) -> None:
            if next(flushes, "over") == "over":
                msg = "the database is gone"
                raise ConnectionError(msg)
            flush(self)

        broken.setattr(Dimensions, "flush", fail_at_the_third)
        with pytest.raises(ConnectionError):
            import_lines(*lines, batch_size=2)
    assert Hit.objects.count() == 4

    assert import_lines(*lines).imported == 2


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_add_every_hit_once() -> None:
    account = AccountFactory.create()
    lines = [combined(NOON + MINUTE * (number // 3), f"/{number % 50}") for number in range(3000)]
    results: list[ImportResult] = []

    def run(seed: int) -> None:
        stream = io.BytesIO("\n".join(lines).encode())
        try:
            results.append(import_access_log(stream=stream, account_id=str(account.pk), batch_size=100 + seed))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Hit.objects.count() == 3000
    assert sum(result.imported for result in results) == 3000
    assert sum(result.duplicates for result in results) == 3000
