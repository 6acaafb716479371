"""Query strings and paths that nobody would write by hand: attacks 095 and 096, and whatever chance brings."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_report_scheduling.api.query_strings import MAX_QUERY
from tests.api.matrix.endpoints import ENDPOINTS, METHODS, Endpoint
from tests.api.matrix.requests import ask, faults
from tests.api.matrix.table import LINES
from tests.api.world.world import World
from tests.extras import needs_webhooks

LISTS = [name for name in ENDPOINTS if name.endswith("-list") and name != "report-type-list"]
READ = [name for name, endpoint in ENDPOINTS.items() if "GET" in endpoint.methods]
PARAMETERS = (
    "account", "schedule", "state", "status", "trigger", "report_type", "frequency", "search", "slot_after",
    "slot_before", "cursor", "page_size", "ordering", "count", "format",
)  # fmt: skip

lists = pytest.mark.parametrize("endpoint", LISTS)
fuzzed = settings(
    deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def row_of(endpoint: str, world: World) -> Model:
    """A row that a reading endpoint is about; lists do not mind."""
    (row, *_others) = (line.row for line in LINES if (line.endpoint, line.method) == (endpoint, "GET"))
    return world.alpha.schedule if row == "-" else world.row(row, "alpha", world.person("manager"))


def get(browser: Client, endpoint: str, query: str) -> HttpResponse:
    return browser.get(ENDPOINTS[endpoint].paths()[1], QUERY_STRING=query)


@pytest.mark.parametrize("endpoint", READ)
def test_attack_096_an_endless_query_string_is_refused(endpoint: str, manager: Client, world: World) -> None:
    path = ENDPOINTS[endpoint].paths(row_of(endpoint, world).pk)[1]

    for query in ("x" * 1_000_000, "account=" + "1," * 10_000, "&".join(["search=a"] * 2000), "x" * (MAX_QUERY + 1)):
        answer = manager.get(path, QUERY_STRING=query)
        assert (answer.status_code, faults(answer, "GET")) == (400, []), query[:20]
        assert len(answer.content) < 2000


@lists
@pytest.mark.parametrize(
    "cursor",
    [
        "x", "%00", "=", "YQ", "YQ==", "\N{SNOWMAN}", b64encode(b"p=\x00").decode(), b64encode(b"p=1'--").decode(),
        b64encode(b"o=" + b"9" * 22).decode(), b64encode(b"o=-1").decode(), b64encode(b"o=1&p=1").decode(),
        b64encode(b"r=7&p=null").decode(), b64encode(b"p=" + b"x" * 2000).decode(), b64encode(b"\xff\xfe").decode(),
        b64encode("p=\ud800".encode("utf-8", "surrogatepass")).decode(), b64encode(b"p=%00").decode(),
        b64encode(b"p=99999999999999999999999999").decode(), b64encode(b"p=2026-01-01").decode(), "9" * 3000,
    ],
)  # fmt: skip
def test_attack_095_a_forged_cursor_is_refused(endpoint: str, cursor: str, manager: Client) -> None:
    answer = get(manager, endpoint, urlencode({"cursor": cursor}))

    assert answer.status_code in {400, 404}
    assert faults(answer, "GET") == []


@lists
@pytest.mark.parametrize("size", ["0", "00", "-1", "1.5", "1e3", "", " 1", "+1", "٣", "x", "0x10", "null", "%00"])
def test_attack_095_a_page_size_that_is_none_is_refused(endpoint: str, size: str, manager: Client) -> None:
    answer = get(manager, endpoint, urlencode({"page_size": size}))

    assert answer.status_code == 400
    assert faults(answer, "GET") == []


@pytest.mark.parametrize(
    ("endpoint", "parameter", "values"),
    [
        ("report-schedule-list", "account", ["x", "", "a,b", "null", "1 OR 1=1"]),
        ("report-schedule-list", "state", ["x", "", "ACTIVE", "active,paused"]),
        ("report-schedule-list", "frequency", ["x", "", "hourly"]),
        ("report-schedule-list", "search", ["x" * 300]),
        ("report-list", "account", ["x", "", "a,b"]),
        ("report-list", "schedule", ["x", "", "null"]),
        ("report-list", "status", ["x", "", "SUCCEEDED"]),
        ("report-list", "trigger", ["x", "", "by hand"]),
        ("report-list", "slot_after", ["x", "", "2026-03-02", "2026-03-02T08:00:00", "9999-12-31T23:59:59-23:59"]),
        ("report-list", "slot_before", ["x", "", "yesterday", "2026-03-02T08:00:00", "0001-01-01T00:00:00+23:59"]),
        ("recipient-list", "account", ["x", "", "a,b", "null"]),
        ("recipient-list", "state", ["x", "", "CONFIRMED", "asked,confirmed"]),
        pytest.param("webhook-list", "account", ["x", "", "a,b", "null", "1 OR 1=1"], marks=needs_webhooks),
        pytest.param("webhook-list", "state", ["x", "", "ACTIVE", "active,pending"], marks=needs_webhooks),
    ],
)
def test_a_value_that_a_filter_does_not_take_is_refused_at_the_parameter(
    endpoint: str, parameter: str, values: list[str], manager: Client
) -> None:
    for value in values:
        answer = get(manager, endpoint, urlencode({parameter: value}))
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [parameter]), value


@lists
def test_attack_090_a_parameter_that_is_given_twice_is_refused(endpoint: str, manager: Client) -> None:
    answer = get(manager, endpoint, "page_size=1&page_size=2")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["page_size"])


@pytest.mark.parametrize("count", ["0", "101", "-1", "x", "", "1.5", "1e1", "9" * 400, "٣", "+5", " 5"])
def test_a_count_of_runs_that_is_none_is_refused(count: str, manager: Client, world: World) -> None:
    path = ENDPOINTS["report-schedule-next-runs"].paths(world.alpha.schedule.pk)[1]

    answer = manager.get(path, {"count": count})

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["count"])


@fuzzed
@given(
    endpoint=st.sampled_from(READ),
    query=st.one_of(
        st.binary(max_size=60).map(quote_from_bytes),
        st.text("abz019=&%;+#?/\\'\"\u0000", max_size=60).map(lambda text: quote(text, safe="=&%;+")),
        st.dictionaries(st.sampled_from(PARAMETERS), st.text(st.characters(codec="utf-8"), max_size=40)).map(urlencode),
        st.tuples(st.sampled_from(PARAMETERS), st.integers() | st.floats() | st.uuids() | st.datetimes()).map(
            lambda pair: urlencode([pair])
        ),
        st.binary(max_size=40).map(lambda inside: urlencode({"cursor": b64encode(inside)})),
    ),
)
def test_no_query_string_breaks_the_server(endpoint: str, query: str, world: World) -> None:
    path = ENDPOINTS[endpoint].paths(row_of(endpoint, world).pk)[1]

    answer = world.browser("manager").get(path, QUERY_STRING=query)

    assert answer.status_code in {200, 302, 400, 404, 409}
    assert faults(answer, "GET") == []


@fuzzed
@given(
    endpoint=st.sampled_from([endpoint for endpoint in ENDPOINTS.values() if endpoint.is_detail]),
    method=st.sampled_from(METHODS),
    row_id=st.one_of(
        st.binary(min_size=1, max_size=40).map(lambda text: quote_from_bytes(text.replace(b"/", b""), safe="")),
        st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1).map(quote),
        st.uuids().map(str), st.integers().map(str), st.floats().map(str),
    ),
)  # fmt: skip
def test_no_path_breaks_the_server(endpoint: Endpoint, method: str, row_id: str, world: World) -> None:
    answer = ask(world.browser("superuser"), method, endpoint.paths(row_id)[0])

    assert answer.status_code in {204, 404, 405}
