"""Primary keys as somebody writes them; a host's accounts may have any kind."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def key_of(field: Any, written: Any) -> Any:
    """Return the key that a field of a model would hold for what was written.

    :param field: the primary key of the model.
    :param written: text or an integer, as a query string or JSON has it.
    :raises ValidationError: this can be no key: it is of another kind, or a number the database has no room for.
    """
    if isinstance(written, bool) or not isinstance(written, str | int):
        raise ValidationError(_("This is not an id."))
    key = field.to_python(written)
    field.run_validators(key)
    return key
