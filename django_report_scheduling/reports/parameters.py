"""Typed parameters of a report type: a frozen dataclass whose fields are validated by Django form fields.

Form fields bring what every host already knows: coercion, translated messages, and a widget for a form. The dataclass
brings what a query wants: attributes with types.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from django_report_scheduling.exceptions import InvalidParameters
from django_report_scheduling.reports.parameter_values import clean_value, frozen_value, json_value

_FORM_FIELD = "form_field"


def parameter(form_field: forms.Field, *, default: Any) -> Any:
    """Declare a parameter: the form field that validates it and the value it has when it is not given.

    The result is what a dataclass field is, hence the annotation of the attribute is its type. A field of several
    values (``MultipleChoiceField``) yields a tuple.
    """
    metadata = {_FORM_FIELD: form_field}
    value = frozen_value(default)
    if isinstance(value, dict | set):
        return dataclasses.field(default_factory=lambda: copy.deepcopy(value), metadata=metadata)
    return dataclasses.field(default=value, metadata=metadata)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parameters:
    """Base of all parameter classes; by itself, no parameters.

    .. code-block:: python

        @dataclass(frozen=True, kw_only=True)
        class SalesParameters(Parameters):
            rows: int = parameter(forms.IntegerField(min_value=1, max_value=100), default=10)
    """

    @classmethod
    def form_class(cls) -> type[forms.Form]:
        """Return the form with one field per parameter, none of them required.

        :raises TypeError: the class is not a dataclass, or one of its fields is not made by :func:`parameter`.
        """
        return type(f"{cls.__name__}Form", (forms.Form,), dict(_form_fields(cls)))

    @classmethod
    def parse(cls, raw: object) -> Self:
        """Build the parameters from what a user stored or sent.

        A name that is missing, ``null`` or (other than for text) empty has its default.

        :param raw: a mapping from names to plain values, as JSON gives them.
        :raises InvalidParameters: with a list of messages for each wrong or unknown name.
        """
        if not isinstance(raw, Mapping):
            message = _("Parameters must be an object, got %(type)s.") % {"type": type(raw).__name__}
            raise InvalidParameters({"__all__": [message]})
        form_fields = _form_fields(cls)
        values: dict[str, Any] = {}
        errors: dict[str, list[str]] = {}
        for name, value in raw.items():
            if name not in form_fields:
                known = ", ".join(form_fields) or "–"
                errors[str(name)[:64]] = [_("Unknown parameter; known are: %(names)s.") % {"names": known}]
                continue
            try:
                values[name] = clean_value(form_fields[name], value)
            except ValidationError as error:
                errors[name] = error.messages
        if errors:
            raise InvalidParameters(errors)
        return cls(**{name: value for name, value in values.items() if value is not None})

    def as_json(self) -> dict[str, Any]:
        """Return the parameters as plain values that JSON can hold and :meth:`parse` reads back."""
        return {field.name: json_value(getattr(self, field.name)) for field in dataclasses.fields(self)}


def _form_fields(parameters: type[Parameters]) -> dict[str, forms.Field]:
    if any(isinstance(value, dataclasses.Field) for value in vars(parameters).values()):
        msg = f"{parameters.__qualname__} must be decorated with @dataclass(frozen=True, kw_only=True)."
        raise TypeError(msg)
    form_fields: dict[str, forms.Field] = {}
    for field in dataclasses.fields(parameters):
        if _FORM_FIELD not in field.metadata:
            msg = f"{parameters.__qualname__}.{field.name} must be declared with parameter(form_field, default=...)."
            raise TypeError(msg)
        form_field: forms.Field = copy.deepcopy(field.metadata[_FORM_FIELD])
        form_field.required = False
        form_field.initial = field.default if field.default is not dataclasses.MISSING else None
        form_fields[field.name] = form_field
    return form_fields
