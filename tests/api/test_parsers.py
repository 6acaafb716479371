"""Bodies: what two readers could understand differently, or no database could store, is not read at all."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError, ValidationError

from django_report_scheduling.api.parsers import MAX_BODY, MAX_DEPTH, MAX_DIGITS, PayloadTooLarge, StrictJsonParser

REFUSALS = (ParseError, ValidationError)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40) + 1, 10**40 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(SCALARS | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner))
TOKENS = st.sampled_from([
    "{", "}", "[", "]", ",", ":", '"a"', '"b"', '"\\u0000"', '"\\ud800"', '"\\ud83d\\ude00"', "0", "-1", "01", "1e5",
    "1e999", "-1E400", "1.5", "9" * 41, "NaN", "Infinity", "-Infinity", "true", "null", " ", "\n", "\ufeff", "'a'",
])  # fmt: skip


def parse(body: str | bytes) -> Any:
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return StrictJsonParser().parse(io.BytesIO(content))


@given(VALUES)
def test_whatever_is_json_is_read_as_python_reads_it(value: Any) -> None:
    text = json.dumps(value)

    assert parse(text) == json.loads(text)
    assert parse(json.dumps(value, ensure_ascii=False)) == value


@given(st.lists(TOKENS, max_size=12).map("".join) | st.text(max_size=30))
@example('{"a": 1, "a": 1}')
@example('{"b": {"a": 1, "a": 2}}')
@example('["\\ud83d\\ude00"]')
@example("[" * 5 + "]" * 5)
def test_whatever_it_reads_python_reads_alike_and_it_refuses_all_else(text: str) -> None:
    try:
        expected = json.loads(text, object_pairs_hook=Pairs)
    except (ValueError, RecursionError):
        with pytest.raises(REFUSALS):
            parse(text)
        return
    if any(map(unwanted, parts(expected))):
        with pytest.raises(REFUSALS):
            parse(text)
    else:
        assert parse(text) == json.loads(text)


class Pairs(list[Any]):
    """An object with its names as often as they stand there."""


def parts(value: Any) -> Iterator[Any]:
    yield value
    for part in value if isinstance(value, list) else ():
        yield from parts(list(part) if isinstance(value, Pairs) else part)


def unwanted(part: Any) -> bool:
    if isinstance(part, Pairs):
        names = [name for name, _value in part]
        return len(names) != len(set(names))
    if isinstance(part, float):
        return not math.isfinite(part)
    if isinstance(part, str):
        return "\0" in part or any("\ud800" <= character <= "\udfff" for character in part)
    return isinstance(part, int) and len(str(abs(part))) > MAX_DIGITS


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_a_hundred_levels_are_read(opening: str, closing: str) -> None:
    body = opening * MAX_DEPTH + "1" + closing * MAX_DEPTH

    assert parse(body) == json.loads(body)


class TestRefused:
    def test_attack_090_a_name_that_appears_twice_is_named(self) -> None:
        with pytest.raises(ParseError, match="“account” appears twice"):
            parse('{"account": 1, "name": 2, "account": 3}')

    def test_attack_090_the_second_of_many_names_is_found_without_comparing_each_with_each(self) -> None:
        """Thirty thousand names; a quadratic search takes ten seconds for them, which the suite would show."""
        names = [*map(str, range(20_000)), "19999"]

        with pytest.raises(ParseError, match="“19999”"):
            parse("{" + ",".join(f'"{name}":0' for name in names) + "}")

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
    def test_what_is_no_number(self, number: str) -> None:
        with pytest.raises(ParseError):
            parse(f'{{"a": [{number}]}}')

    @pytest.mark.parametrize("digits", [41, 4300, 100_000])
    def test_a_number_that_takes_long_to_read(self, digits: int) -> None:
        with pytest.raises(ParseError, match="digits"):
            parse("9" * digits)

    @pytest.mark.parametrize("depth", [101, 1_000, 5_000, 100_000])
    @pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
    def test_what_is_nested_too_deeply(self, depth: int, opening: str, closing: str) -> None:
        body = opening * depth + "1" + closing * depth

        with pytest.raises((ParseError, PayloadTooLarge), match=r"levels deep|bytes at most"):
            parse(body)

    @pytest.mark.parametrize("text", ["\\u0000", "\\ud800", "\\udfff\\ud800"])
    def test_what_cannot_be_stored_is_told_at_its_field(self, text: str) -> None:
        with pytest.raises(ValidationError) as caught:
            parse(f'{{"name": "a", "recipients": ["b", {{"c": "{text}"}}]}}')

        assert set(caught.value.detail) == {"recipients"}

    def test_a_name_that_cannot_be_stored_is_not_repeated(self) -> None:
        with pytest.raises(ValidationError) as caught:
            parse('{"\\u0000": 1}')

        assert set(caught.value.detail) == {"non_field_errors"}

    @pytest.mark.parametrize(
        "body", [b"\xff\xfe{\x00}\x00", b'{"a": "\xe9"}', b'"\xed\xa0\x80"', b"\xef\xbb\xbf{}", b""]
    )
    def test_what_is_not_utf_8_json(self, body: bytes) -> None:
        with pytest.raises(ParseError):
            parse(body)

    def test_a_body_above_the_limit_is_refused_without_being_read_to_its_end(self) -> None:
        stream = io.BytesIO(b" " * (MAX_BODY * 4))

        with pytest.raises(PayloadTooLarge):
            StrictJsonParser().parse(stream)

        assert stream.tell() == MAX_BODY + 1

    def test_a_body_at_the_limit_is_read(self) -> None:
        assert parse('"' + "x" * (MAX_BODY - 2) + '"') == "x" * (MAX_BODY - 2)
