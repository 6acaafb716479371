"""Parameters: coerced by form fields, with messages by name, and back to JSON without loss."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import FrozenInstanceError, dataclass
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from django_report_scheduling.exceptions import InvalidParameters
from django_report_scheduling.reports import Parameters, parameter


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


CHOICES = [("a", "A"), ("b", "B"), ("c", "C")]
AN_ID = UUID("018f0000-0000-7000-8000-000000000000")


@dataclass(frozen=True, kw_only=True)
class Everything(Parameters):
    rows: int = parameter(forms.IntegerField(min_value=1, max_value=100), default=10)
    text: str = parameter(forms.CharField(max_length=20), default="x")
    flag: bool = parameter(forms.BooleanField(), default=True)
    maybe: bool | None = parameter(forms.NullBooleanField(), default=None)
    kind: str = parameter(forms.ChoiceField(choices=CHOICES), default="a")
    kinds: tuple[str, ...] = parameter(forms.MultipleChoiceField(choices=CHOICES), default=["a", "b"])
    numbers: tuple[int, ...] = parameter(
        forms.TypedMultipleChoiceField(choices=[(1, "1"), (2, "2")], coerce=int), default=()
    )
    colour: Colour = parameter(
        forms.TypedChoiceField(choices=[(item.value, item.name) for item in Colour], coerce=Colour), default=Colour.RED
    )
    day: dt.date = parameter(forms.DateField(), default=dt.date(2026, 3, 2))
    moment: dt.datetime = parameter(forms.DateTimeField(), default=dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC))
    clock: dt.time = parameter(forms.TimeField(), default=dt.time(8, 30))
    length: dt.timedelta = parameter(forms.DurationField(), default=dt.timedelta(hours=1))
    price: Decimal = parameter(forms.DecimalField(max_digits=10, decimal_places=2), default=Decimal("9.90"))
    ratio: float = parameter(forms.FloatField(), default=0.5)
    number: UUID | None = parameter(forms.UUIDField(), default=None)
    mail: str = parameter(forms.EmailField(), default="")
    free: Any = parameter(forms.JSONField(), default={"a": [1]})
    limit: int | None = parameter(forms.IntegerField(), default=None)


def test_nothing_given_means_all_defaults() -> None:
    assert Everything.parse({}) == Everything()


def test_no_parameters_at_all_are_parameters() -> None:
    assert Parameters.parse({}) == Parameters()
    assert Parameters().as_json() == {}


@pytest.mark.parametrize(
    ("name", "raw", "value"),
    [
        ("rows", 7, 7),
        ("rows", "7", 7),
        ("rows", 7.0, 7),
        ("rows", None, 10),
        ("rows", "", 10),
        ("text", "  hello  ", "hello"),
        ("text", "", ""),
        ("text", 5, "5"),
        ("text", None, "x"),
        ("flag", True, True),
        ("flag", False, False),
        ("flag", "true", True),
        ("flag", "True", True),
        ("flag", "on", True),
        ("flag", "false", False),
        ("flag", "off", False),
        ("flag", 0, False),
        ("flag", 1, True),
        ("flag", "0", False),
        ("flag", "1", True),
        ("flag", None, True),
        ("flag", "", True),
        ("maybe", None, None),
        ("maybe", "false", False),
        ("maybe", True, True),
        ("kind", "b", "b"),
        ("kind", "", "a"),
        ("kinds", ["c", "a"], ("c", "a")),
        ("kinds", [], ()),
        ("kinds", None, ("a", "b")),
        ("numbers", [1, 2], (1, 2)),
        ("numbers", ["2"], (2,)),
        ("colour", "blue", Colour.BLUE),
        ("colour", None, Colour.RED),
        ("colour", "", Colour.RED),
        ("colour", [], Colour.RED),
        ("kind", {}, "a"),
        ("rows", [], 10),
        ("day", "2025-12-31", dt.date(2025, 12, 31)),
        ("moment", "2025-12-31T10:00:00+01:00", dt.datetime(2025, 12, 31, 9, tzinfo=dt.UTC)),
        ("clock", "23:59", dt.time(23, 59)),
        ("length", "P1DT2H", dt.timedelta(days=1, hours=2)),
        ("length", "02:00:00", dt.timedelta(hours=2)),
        ("price", "1.50", Decimal("1.50")),
        ("price", 1.5, Decimal("1.5")),
        ("ratio", 0.25, 0.25),
        ("ratio", "0.25", 0.25),
        ("number", str(AN_ID), AN_ID),
        ("mail", "a@example.com", "a@example.com"),
        ("free", {"b": {"c": None}}, {"b": {"c": None}}),
        ("free", [1, [2]], (1, [2])),
        ("limit", 3, 3),
        ("limit", None, None),
    ],
)
def test_a_value_is_given_its_type(name: str, raw: Any, value: Any) -> None:
    parsed = getattr(Everything.parse({name: raw}), name)

    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("rows", 0, "greater than or equal to 1"),
        ("rows", 101, "less than or equal to 100"),
        ("rows", "many", "whole number"),
        ("rows", 1.5, "whole number"),
        ("rows", True, "whole number"),
        ("rows", [1], "whole number"),
        ("rows", {"a": 1}, "whole number"),
        ("rows", "9" * 5000, "whole number"),
        ("text", "x" * 21, "at most 20 characters"),
        ("text", "a\x00b", "Null characters"),
        ("text", ["a"], "Enter text."),
        ("text", {"a": 1}, "Enter text."),
        ("text", True, "Enter text."),
        ("flag", "no", "Enter true or false."),
        ("flag", 2, "Enter true or false."),
        ("flag", [True], "Enter true or false."),
        ("kind", "z", "z is not one of the available choices"),
        ("kind", ["a"], "not one of the available choices"),
        ("kinds", "a", "list of values"),
        ("kinds", ["a", "z"], "z is not one of the available choices"),
        ("kinds", {"a": 1}, "list of values"),
        ("colour", "green", "not one of the available choices"),
        ("day", "31.12.", "valid date"),
        ("day", 5, "valid date"),
        ("day", ["2026-01-01"], "valid date"),
        ("moment", "soon", "valid date/time"),
        ("moment", 5, "valid date/time"),
        ("clock", "25:00", "valid time"),
        ("clock", 8, "valid time"),
        ("length", "long", "valid duration"),
        ("price", "1.555", "2 decimal places"),
        ("price", "NaN", "number"),
        ("price", [1], "number"),
        ("ratio", "Infinity", "number"),
        ("ratio", float("nan"), "number"),
        ("ratio", [0.5], "number"),
        ("number", "abc", "valid UUID"),
        ("number", 5, "valid UUID"),
        ("mail", "nobody", "valid email address"),
        ("mail", {}, "Enter text."),
        ("free", "{", "valid JSON"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_under_its_name(name: str, raw: Any, message: str) -> None:
    with pytest.raises(InvalidParameters) as caught:
        Everything.parse({name: raw})

    assert list(caught.value.errors) == [name]
    assert message in caught.value.errors[name][0]


def test_all_errors_are_told_at_once() -> None:
    with pytest.raises(InvalidParameters) as caught:
        Everything.parse({"rows": 0, "kind": "z", "colour": "red", "wrong": 1, 5: 6})

    assert set(caught.value.errors) == {"rows", "kind", "wrong", "5"}


def test_an_unknown_name_is_told_those_there_are() -> None:
    with pytest.raises(InvalidParameters, match="wrong: Unknown parameter; known are: rows, text, flag"):
        Everything.parse({"wrong": 1})


def test_an_unknown_name_where_there_are_no_parameters() -> None:
    with pytest.raises(InvalidParameters, match="known are: –"):
        Parameters.parse({"rows": 1})


@pytest.mark.parametrize("raw", [None, [], "rows=1", 5, [("rows", 1)]])
def test_parameters_that_are_no_object_are_refused(raw: object) -> None:
    with pytest.raises(InvalidParameters, match=f"must be an object, got {type(raw).__name__}") as caught:
        Everything.parse(raw)

    assert list(caught.value.errors) == ["__all__"]


def test_messages_come_in_the_active_language() -> None:
    with translation.override("de"), pytest.raises(InvalidParameters) as caught:
        Everything.parse({"rows": "x"})

    assert caught.value.errors["rows"] == ["Bitte eine ganze Zahl eingeben."]


def test_they_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Everything().rows = 5  # type: ignore[misc]


def test_a_mutable_default_is_not_shared() -> None:
    Everything().free["a"].append(2)

    assert Everything().free == {"a": [1]}


def test_defaults_are_stored_as_json_and_read_back() -> None:
    stored = json.loads(json.dumps(Everything().as_json()))

    assert stored["day"] == "2026-03-02"
    assert stored["price"] == "9.90"
    assert stored["kinds"] == ["a", "b"]
    assert stored["colour"] == "red"
    assert Everything.parse(stored) == Everything()


def test_lazily_translated_text_is_stored_as_text() -> None:
    assert Everything(text=gettext_lazy("Monday")).as_json()["text"] == "Monday"  # type: ignore[arg-type]


def test_a_value_that_json_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="type object cannot be stored as JSON"):
        Everything(free=object()).as_json()


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20).map(str.strip)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
OFFSETS = st.integers(-23 * 60, 23 * 60).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
VALID = st.fixed_dictionaries(
    {},
    optional={
        "rows": st.integers(1, 100),
        "text": TEXT,
        "flag": st.booleans(),
        "maybe": st.booleans(),
        "kind": st.sampled_from("abc"),
        "kinds": st.lists(st.sampled_from("abc")).map(tuple),
        "numbers": st.lists(st.sampled_from([1, 2])).map(tuple),
        "colour": st.sampled_from(Colour),
        "day": st.dates(),
        "moment": st.datetimes(min_value=dt.datetime(1000, 1, 2), timezones=OFFSETS),  # noqa: DTZ001
        "clock": st.times(),
        "length": st.timedeltas(dt.timedelta(-999), dt.timedelta(999)),
        "price": st.decimals(-9999, 9999, places=2),
        "ratio": st.floats(allow_nan=False, allow_infinity=False),
        "number": st.uuids(),
    },
)


@settings(deadline=None)
@given(values=VALID, language=st.sampled_from(["en", "de", "ar", "hu", "ja"]))
def test_every_valid_value_survives_json(values: dict[str, Any], language: str) -> None:
    parameters = Everything(**values)

    with translation.override(language):
        assert Everything.parse(json.loads(json.dumps(parameters.as_json()))) == parameters


@settings(deadline=None, max_examples=300)
@given(raw=st.dictionaries(st.sampled_from(sorted(Everything().as_json())), ANYTHING))
def test_whatever_json_holds_is_either_read_or_refused_by_name(raw: dict[str, Any]) -> None:
    refusal: InvalidParameters | None = None
    try:
        parameters = Everything.parse(raw)
    except InvalidParameters as error:
        refusal = error
    if refusal:
        assert set(refusal.errors) <= set(raw)
        assert all(refusal.errors.values())
    else:
        assert Everything.parse(parameters.as_json()) == parameters


def test_the_form_has_one_field_for_each_and_requires_none() -> None:
    form = Everything.form_class()()

    assert list(form.fields) == list(Everything().as_json())
    assert not any(field.required for field in form.fields.values())
    assert form.fields["rows"].initial == 10


def test_the_form_fields_of_the_host_are_left_as_they_are() -> None:
    field = forms.IntegerField()

    @dataclass(frozen=True, kw_only=True)
    class Own(Parameters):
        rows: int = parameter(field, default=1)

    Own.form_class()
    Own.parse({"rows": 2})

    assert field.required
    assert field.initial is None


def test_a_class_that_inherits_has_the_parameters_of_both() -> None:
    @dataclass(frozen=True, kw_only=True)
    class First(Parameters):
        rows: int = parameter(forms.IntegerField(), default=1)

    @dataclass(frozen=True, kw_only=True)
    class Second(First):
        page: int = parameter(forms.IntegerField(), default=2)

    assert Second.parse({"rows": 5}).as_json() == {"rows": 5, "page": 2}


def test_a_class_without_the_decorator_is_told_so() -> None:
    class Forgotten(Parameters):
        rows: int = parameter(forms.IntegerField(), default=1)

    with pytest.raises(TypeError, match=r"Forgotten must be decorated with @dataclass\(frozen=True, kw_only=True\)"):
        Forgotten.parse({})


def test_an_attribute_without_a_form_field_is_named() -> None:
    @dataclass(frozen=True, kw_only=True)
    class Bare(Parameters):
        rows: int = 1

    with pytest.raises(TypeError, match=r"Bare\.rows must be declared with parameter"):
        Bare.parse({})
