from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from django_report_scheduling.contrib.web_analytics.access_log.line import parse_line
from django_report_scheduling.contrib.web_analytics.access_log.request import parse_request
from django_report_scheduling.contrib.web_analytics.access_log.timestamp import TimestampReader
from tests.web_analytics.log_lines import combined, common

TIME = "[04/Mar/2026:12:00:00 +0000]"


def fields(line: str) -> list[str | None]:
    found = parse_line(line.encode())
    assert found is not None, line
    return [None if field is None else field.decode() for field in found]


@pytest.mark.parametrize(
    ("line", "client", "request_field", "status", "size", "referrer", "agent"),
    [
        pytest.param(common(), "192.0.2.1", "GET / HTTP/1.1", "200", "100", None, None, id="common"),
        pytest.param(combined(agent="A"), "192.0.2.1", "GET / HTTP/1.1", "200", "100", "-", "A", id="combined"),
        pytest.param(combined(size="-", agent=""), "192.0.2.1", "GET / HTTP/1.1", "200", "-", "-", "", id="no size"),
        pytest.param(common(client="2001:db8::1"), "2001:db8::1", "GET / HTTP/1.1", "200", "100", None, None, id="v6"),
        pytest.param(common(client="a.example"), "a.example", "GET / HTTP/1.1", "200", "100", None, None, id="host"),
        pytest.param(
            f'h - John Q [x] {TIME} "GET / HTTP/1.1" 200 1', "h", "GET / HTTP/1.1", "200", "1", None, None, id="user"
        ),
        pytest.param(
            combined(target='/a\\"b', agent='say \\"A\\"'),
            "192.0.2.1",
            'GET /a\\"b HTTP/1.1',
            "200",
            "100",
            "-",
            'say \\"A\\"',
            id="escaped quotes",
        ),
        pytest.param(
            combined(target='/a"b', agent="A"),
            "192.0.2.1",
            'GET /a"b HTTP/1.1',
            "200",
            "100",
            "-",
            "A",
            id="bare quote in the request",
        ),
        pytest.param(
            combined(agent="Mozilla/5.0 (cut off")[:-1],
            "192.0.2.1",
            "GET / HTTP/1.1",
            "200",
            "100",
            "-",
            "Mozilla/5.0 (cut off",
            id="cut off in the user agent",
        ),
        pytest.param(
            combined(agent="A") + ' "203.0.113.9" 0.003',
            "192.0.2.1",
            "GET / HTTP/1.1",
            "200",
            "100",
            "-",
            "A",
            id="further fields",
        ),
        pytest.param(
            common() + " 0.003", "192.0.2.1", "GET / HTTP/1.1", "200", "100", None, None, id="common, further field"
        ),
        pytest.param(f'h - - {TIME} "\\x16\\x03" 400 226', "h", "\\x16\\x03", "400", "226", None, None, id="TLS"),
        pytest.param(f'h - - {TIME} "-" 408 -', "h", "-", "408", "-", None, None, id="no request"),
        pytest.param(f'h - - {TIME} "" 400 0 "-" "-"', "h", "", "400", "0", "-", "-", id="empty request"),
    ],
)
def test_reads_every_field(
    line: str, client: str, request_field: str, status: str, size: str, referrer: str | None, agent: str | None
) -> None:
    found = fields(line)

    assert [found[0], *found[4:]] == [client, request_field, status, size, referrer, agent]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "no log at all",
        "192.0.2.1 - - [04/Mar/2026:12:00:00 +0000]",
        f'192.0.2.1 - - {TIME} "GET / HTTP/1.1"',
        f'192.0.2.1 - - {TIME} "GET / HTTP/1.1" abc 100',
        '192.0.2.1 - - [2026-03-04T12:00:00Z] "GET / HTTP/1.1" 200 100',
        "2026-03-04 12:00:00 W3SVC1 192.0.2.1 GET / - 80 - 192.0.2.1 Mozilla 200 0 0",
    ],
)
def test_refuses_what_is_in_neither_format(line: str) -> None:
    assert parse_line(line.encode()) is None


@given(st.binary(max_size=400) | st.text(alphabet='[]" :/+-0123456789aMr\\', max_size=400).map(str.encode))
def test_no_line_makes_the_parser_fail(line: bytes) -> None:
    found = parse_line(line)

    assert found is None or TimestampReader().read(found) is not False


@pytest.mark.parametrize(
    "hostile",
    [
        f'h - - {TIME} "GET a' + " " * 60_000,
        f'h - - {TIME} "GET a' + " " * 60_000 + '" 200 1',
        f'h - - {TIME} "' + '" 200 1x' * 8_000,
        f'h - - {TIME} "' + '\\"' * 30_000,
        "h - - " + "[" * 60_000,
        "h - - " + f"{TIME}" * 2_000,
        f'h - - {TIME} "GET / HTTP/1.1" 200 ' + "1" * 60_000 + "x",
    ],
    ids=["spaces", "spaces in a request", "statuses", "escapes", "brackets", "times", "digits"],
)
def test_no_line_keeps_the_parser_busy(hostile: str) -> None:
    start = time.process_time()
    found = parse_line(hostile.encode())
    if found is not None:
        parse_request(found[4])

    assert time.process_time() - start < 0.5


FIELD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters='"\\'), max_size=60)


@given(
    client=st.ip_addresses().map(str),
    seconds=st.integers(0, 32_000_000_000),
    offset=st.integers(-14 * 60, 14 * 60),
    target=FIELD.map(lambda text: "/" + "".join(text.split())),
    status=st.integers(100, 599),
    size=st.integers(0, 2**62),
    referrer=FIELD,
    agent=FIELD,
)
@example(client="::", seconds=951782400, offset=-1, target="/", status=100, size=0, referrer="", agent="")
def test_a_written_line_reads_back(
    client: str, seconds: int, offset: int, target: str, status: int, size: int, referrer: str, agent: str
) -> None:
    moment = dt.datetime.fromtimestamp(seconds, tz=dt.timezone(dt.timedelta(minutes=offset)))
    line = combined(moment, target, client=client, status=status, size=size, referrer=referrer, agent=agent).encode()

    found = parse_line(line)

    assert found is not None
    assert found[0] == client.encode()
    assert TimestampReader().read(found) == seconds
    assert [None if field is None else field.decode() for field in found[4:]] == [
        f"GET {target} HTTP/1.1",
        str(status),
        str(size),
        referrer,
        agent,
    ]
