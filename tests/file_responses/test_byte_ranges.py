"""Which bytes a ``Range`` header asks for (RFC 9110 §14)."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from django_report_scheduling.file_responses.byte_ranges import UnsatisfiableRange, requested_range


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-9", 0, 9),
        ("bytes=2-5", 2, 5),
        ("bytes=9-", 9, 9),
        ("bytes=0-", 0, 9),
        ("bytes=5-1000", 5, 9),
        ("bytes=-1", 9, 9),
        ("bytes=-10", 0, 9),
        ("bytes=-1000", 0, 9),
        ("BYTES=2-5", 2, 5),
        (" bytes=2-5 ", 2, 5),
    ],
)
def test_a_range_is_cut_down_to_the_file(header: str, first: int, last: int) -> None:
    found = requested_range(header, size=10)

    assert found is not None
    assert (found.first, found.last, found.length) == (first, last, last - first + 1)
    assert str(found) == f"bytes {first}-{last}/10"


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=999999999999999999-"])
def test_a_range_outside_of_the_file_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(UnsatisfiableRange):
        requested_range(header, size=10)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-5"])
def test_an_empty_file_has_no_range(header: str) -> None:
    with pytest.raises(UnsatisfiableRange):
        requested_range(header, size=0)


@pytest.mark.parametrize(
    "header",
    [
        "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=5-2", "bytes=1", "bytes=1-2-3", "bytes=1-2;", "-5",
        "items=0-5", "bytes=+1-2", "bytes=1.0-2", "bytes=١-٢", "bytes=0-1,4-5", f"bytes=0-{'9' * 5000}",
        "bytes==0-1", "bytes=0 - 1",
    ],
)  # fmt: skip
def test_what_is_malformed_several_or_of_another_unit_is_ignored(header: str) -> None:
    assert requested_range(header, size=10) is None


@given(
    header=st.text(max_size=40) | st.from_regex(r"bytes=[0-9]{0,3}-[0-9]{0,3}", fullmatch=True),
    size=st.integers(0, 500),
)
@example(header="bytes=0-0", size=1)
def test_whatever_is_asked_stays_within_the_file(header: str, size: int) -> None:
    try:
        found = requested_range(header, size=size)
    except UnsatisfiableRange:
        return

    assert found is None or 0 <= found.first <= found.last < size
