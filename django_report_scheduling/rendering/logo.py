"""An account's logo: taken in only as a small PNG or JPEG that we encoded ourselves."""

from __future__ import annotations

import base64
import io
import logging
import warnings
from functools import lru_cache
from typing import Final

from PIL import Image

from django_report_scheduling.reports import AccountProfile

logger = logging.getLogger("django_report_scheduling.rendering")

MAX_FILE_SIZE: Final = 5_000_000
MAX_PIXELS: Final = 16_000_000
MAX_SIZE: Final = (800, 320)
"""Larger logos are scaled down to fit; on paper they are at most 18 mm high."""

_FORMATS: Final = ("PNG", "JPEG")


def logo_uri(account: AccountProfile) -> str:
    """Return the logo as a ``data:`` URI, or an empty string when there is none that may be used.

    A logo that cannot be used is logged and left out: it is no reason to keep a report back.
    """
    if not account.logo:
        return ""
    try:
        return _encoded(account.logo)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        logger.warning("The logo of account %s is left out: %s", account.id, type(error).__name__)
        return ""


@lru_cache(maxsize=16)
def _encoded(data: bytes) -> str:
    if len(data) > MAX_FILE_SIZE:
        msg = f"more than {MAX_FILE_SIZE} bytes"
        raise ValueError(msg)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=_FORMATS) as source:
            if source.width * source.height > MAX_PIXELS:
                msg = f"more than {MAX_PIXELS} pixels"
                raise ValueError(msg)
            photo = source.format == "JPEG"
            image = source.convert("RGB" if photo else "RGBA")
    image.thumbnail(MAX_SIZE)
    image.info.clear()
    target = io.BytesIO()
    image.save(target, format="JPEG" if photo else "PNG", **({"quality": 90} if photo else {"optimize": True}))
    media_type = "image/jpeg" if photo else "image/png"
    return f"data:{media_type};base64,{base64.b64encode(target.getvalue()).decode('ascii')}"
