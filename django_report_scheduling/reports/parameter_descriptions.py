"""Parameters of a report type as plain values, from which a form can be built in any language or framework."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, Final

from django import forms
from django.forms.utils import pretty_name

from django_report_scheduling.reports.parameter_values import json_value
from django_report_scheduling.reports.parameters import Parameters


class ParameterKind(StrEnum):
    """What a parameter looks like in JSON."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date-time"
    LIST = "list"
    OBJECT = "object"


KINDS: Final[tuple[tuple[type[forms.Field], ParameterKind], ...]] = (
    (forms.FloatField, ParameterKind.NUMBER),  # before IntegerField, from which it inherits
    (forms.DecimalField, ParameterKind.NUMBER),
    (forms.IntegerField, ParameterKind.INTEGER),
    (forms.BooleanField, ParameterKind.BOOLEAN),
    (forms.DateTimeField, ParameterKind.DATE_TIME),
    (forms.DateField, ParameterKind.DATE),
    (forms.TimeField, ParameterKind.TIME),
    (forms.MultipleChoiceField, ParameterKind.LIST),
    (forms.JSONField, ParameterKind.OBJECT),
)


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ParameterChoice:
    """One value that a parameter may have.

    :param value: as JSON holds it.
    :param label: what people call it, in the active language.
    """

    value: Any
    label: str


@dataclasses.dataclass(frozen=True, kw_only=True, slots=True)
class ParameterDescription:
    """What a form has to know of one parameter.

    :param name: its name in the parameters of a schedule.
    :param label: what people call it, in the active language.
    :param help_text: what it does, in the active language; may be empty.
    :param type: what it looks like in JSON.
    :param required: whether it has to be given.
    :param default: the value it has otherwise, as JSON holds it.
    :param choices: the values it may have; ``None`` where the set is open.
    """

    name: str
    label: str
    help_text: str
    type: ParameterKind
    required: bool
    default: Any
    choices: tuple[ParameterChoice, ...] | None


def describe_parameters(parameters: type[Parameters]) -> tuple[ParameterDescription, ...]:
    """Describe the parameters of a report type, in the order in which they are declared.

    :raises TypeError: they are not well declared; registering the report type has made sure that they are.
    """
    defaults = parameters().as_json()
    form_fields: dict[str, forms.Field] = parameters.form_class().base_fields
    return tuple(_describe(name, form_field, defaults[name]) for name, form_field in form_fields.items())


def _describe(name: str, form_field: forms.Field, default: Any) -> ParameterDescription:
    return ParameterDescription(
        name=name,
        label=str(form_field.label or pretty_name(name)),
        help_text=str(form_field.help_text),
        type=next((kind for field_class, kind in KINDS if isinstance(form_field, field_class)), ParameterKind.STRING),
        required=form_field.required,
        default=default,
        choices=tuple(_choices(form_field)) if _is_closed(form_field) else None,
    )


def _is_closed(form_field: forms.Field) -> bool:
    # The choices of a model field are rows, and who may see which is not known here.
    return isinstance(form_field, forms.ChoiceField) and not isinstance(form_field, forms.ModelChoiceField)


def _choices(form_field: Any) -> Iterator[ParameterChoice]:
    for value, label in form_field.choices:
        group: Iterable[tuple[Any, Any]] = label if isinstance(label, list | tuple) else [(value, label)]
        for member, name in group:
            yield ParameterChoice(value=json_value(member), label=str(name))
