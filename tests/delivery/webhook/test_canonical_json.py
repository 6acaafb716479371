"""The bytes of a payload."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from django_report_scheduling.delivery.webhook.canonical_json import canonical_json

_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda values: st.lists(values) | st.dictionaries(st.text(), values),
    max_leaves=5,
)


def test_keys_are_sorted_and_nothing_is_added() -> None:
    assert canonical_json({"b": 1, "a": {"d": None, "c": [1.5, "x"]}}) == b'{"a":{"c":[1.5,"x"],"d":null},"b":1}'


@settings(deadline=None, max_examples=30)
@given(st.dictionaries(st.text(), _values, max_size=5))
def test_attack_033_a_payload_that_went_through_a_database_keeps_its_bytes(payload: dict[str, object]) -> None:
    body = canonical_json(payload)
    assert body.isascii()
    assert json.loads(body) == payload
    assert canonical_json(dict(reversed(json.loads(body).items()))) == body


@pytest.mark.parametrize("text", ["Zoë", "\u2028", "\ud800", '"\\\x00'])
def test_attack_033_every_text_survives(text: str) -> None:
    assert json.loads(canonical_json({"text": text})) == {"text": text}


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_number_that_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"number": number})
