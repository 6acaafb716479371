"""The header ``Idempotency-Key``: who asks again, not knowing whether the first request arrived, asks for the same."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _
from rest_framework.request import Request

from django_report_scheduling.api.errors import InvalidInput

HEADER: Final = "Idempotency-Key"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}")


def idempotency_key(request: Request) -> str | None:
    """Return the key that the client has made up for this request, or ``None`` where it sends none.

    :raises InvalidInput: it is none.
    """
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidInput({HEADER: [_("Give 1 to 255 visible ASCII characters, such as a UUID.")]})
    return key
