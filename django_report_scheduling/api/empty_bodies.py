"""Requests that say everything by their address."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _
from rest_framework.request import Request

from django_report_scheduling.api.errors import WHOLE, InvalidInput

MOST_NAMED: Final = 20


def require_empty(request: Request) -> None:
    """Refuse a body that would have to be ignored; none at all and ``{}`` are the same.

    :raises InvalidInput: by field.
    """
    body = request.data
    if not isinstance(body, Mapping):
        raise InvalidInput({WHOLE: [_("Send no body, or an empty object.")]})
    if body:
        raise InvalidInput({str(name)[:64]: [_("There is no such field.")] for name in islice(body, MOST_NAMED)})
