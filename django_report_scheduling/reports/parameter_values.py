"""One parameter: from what JSON gives to a typed value, and back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.duration import duration_iso_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _

_TRUTHS: Final = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False}
_OBJECTS_AS_TEXT: Final = (forms.JSONField, forms.UUIDField)
_REFUSALS: Final = (TypeError, ValueError, AttributeError, ArithmeticError)
"""What form fields, which expect the texts of a browser, raise for JSON values of other kinds."""


def clean_value(form_field: forms.Field, value: object) -> Any:
    """Return the value as the form field types it; ``None`` where nothing was given.

    :raises ValidationError: it is not valid.
    """
    empty = (None,) if isinstance(form_field, forms.CharField) else (None, "")
    if value in empty:
        return None
    try:
        cleaned = form_field.clean(_suitable(form_field, value))
    except ValidationError:
        raise
    except _REFUSALS as error:
        raise _invalid(form_field) from error
    return None if cleaned in empty else frozen_value(cleaned)


def frozen_value(value: object) -> Any:
    """Return a list as a tuple, so that parameters can be frozen, compared and hashed."""
    return tuple(value) if isinstance(value, list) else value


def json_value(value: object) -> Any:
    """Return what JSON holds for a parameter.

    :raises TypeError: no form field of Django yields such a value, and nothing could read it back.
    """
    match value:
        case None | bool() | int() | float() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return json_value(value.value)
        case Mapping():
            return {str(name): json_value(item) for name, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [json_value(item) for item in value]
    return _text(value)


def _text(value: object) -> str:
    match value:
        case Decimal() | UUID() | Promise():
            return str(value)
        case dt.date() | dt.time():
            return value.isoformat()
        case dt.timedelta():
            return duration_iso_string(value)
    msg = f"A parameter of type {type(value).__name__} cannot be stored as JSON."
    raise TypeError(msg)


def _suitable(form_field: forms.Field, value: object) -> object:
    match form_field:
        case forms.BooleanField():
            return _truth(value)
        case forms.CharField() if not isinstance(form_field, _OBJECTS_AS_TEXT):
            if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
                raise ValidationError(_("Enter text."), code="invalid")
        case forms.IntegerField() if isinstance(value, bool):
            raise _invalid(form_field)
    return value


def _truth(value: object) -> bool:
    # The checkbox of a browser has no word for "false"; JSON does, and "no" is not "yes".
    truth = _TRUTHS.get(str(value).lower())
    if truth is None:
        raise ValidationError(_("Enter true or false."), code="invalid")
    return truth


def _invalid(form_field: forms.Field) -> ValidationError:
    message = form_field.error_messages.get("invalid") or _("Enter a valid value.")
    return ValidationError(message, code="invalid")
