"""Parameters described for whoever builds a form."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.utils.translation import gettext_lazy, override

from django_report_scheduling.reports import Parameters, parameter
from django_report_scheduling.reports.parameter_descriptions import (
    ParameterChoice,
    ParameterDescription,
    ParameterKind,
    describe_parameters,
)


def described(form_field: forms.Field, *, default: Any = None) -> ParameterDescription:
    @dataclasses.dataclass(frozen=True, kw_only=True)
    class One(Parameters):
        top_pages: Any = parameter(form_field, default=default)

    (description,) = describe_parameters(One)
    return description


@pytest.mark.parametrize(
    ("form_field", "default", "kind", "in_json"),
    [
        (forms.CharField(), "a", ParameterKind.STRING, "a"),
        (forms.IntegerField(), 3, ParameterKind.INTEGER, 3),
        (forms.FloatField(), 0.5, ParameterKind.NUMBER, 0.5),
        (forms.DecimalField(), Decimal("1.50"), ParameterKind.NUMBER, "1.50"),
        (forms.BooleanField(), True, ParameterKind.BOOLEAN, True),
        (forms.DateField(), dt.date(2026, 3, 2), ParameterKind.DATE, "2026-03-02"),
        (forms.TimeField(), dt.time(8), ParameterKind.TIME, "08:00:00"),
        (forms.DateTimeField(), None, ParameterKind.DATE_TIME, None),
        (forms.MultipleChoiceField(choices=[("a", "A")]), ["a"], ParameterKind.LIST, ["a"]),
        (forms.JSONField(), {"a": 1}, ParameterKind.OBJECT, {"a": 1}),
        (forms.EmailField(), "", ParameterKind.STRING, ""),
    ],
)
def test_the_kind_and_the_default_are_as_json_has_them(
    form_field: forms.Field, default: Any, kind: ParameterKind, in_json: Any
) -> None:
    description = described(form_field, default=default)

    assert (description.type, description.default, description.required) == (kind, in_json, False)
    json.dumps(dataclasses.asdict(description))


def test_a_label_is_made_of_the_name_where_none_is_given() -> None:
    assert described(forms.CharField()).label == "Top pages"
    assert described(forms.CharField(label="Pages", help_text="How many.")).help_text == "How many."


def test_texts_are_in_the_active_language() -> None:
    form_field = forms.CharField(label=gettext_lazy("Yes"))

    with override("de"):
        assert described(form_field).label == "Ja"


def test_choices_are_told_out_of_their_groups() -> None:
    choices = [("all", "All"), ("By kind", [("bot", "Bots"), ("human", "People")])]

    assert described(forms.ChoiceField(choices=choices), default="all").choices == (
        ParameterChoice(value="all", label="All"),
        ParameterChoice(value="bot", label="Bots"),
        ParameterChoice(value="human", label="People"),
    )


def test_an_open_set_has_no_choices() -> None:
    assert described(forms.CharField()).choices is None


def test_a_type_without_parameters_has_none_to_describe() -> None:
    assert describe_parameters(Parameters) == ()
