"""One spelling for each payload, so that every attempt signs and sends the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


def canonical_json(payload: Mapping[str, Any]) -> bytes:
    """Return a payload as JSON: sorted keys, no spaces, ASCII.

    A database may hand the keys of a JSON column back in another order. Plain ASCII survives receivers that guess the
    character set, and text that UTF-8 cannot hold.

    :raises ValueError: a number is not finite, which JSON cannot say.
    """
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return text.encode("ascii")
