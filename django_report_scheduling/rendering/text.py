"""What happens to text that came from outside before it goes into a file."""

from __future__ import annotations

import re
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
ELLIPSIS: Final = "…"

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BIDI_OVERRIDE: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


def encodable(text: str) -> str:
    """Return the text with every lone surrogate replaced, so that it can be encoded as UTF-8."""
    return text if text.isascii() else _SURROGATE.sub(REPLACEMENT, text)


def printable(text: str) -> str:
    """Return the text as it may stand on a page.

    Control characters and lone surrogates become U+FFFD. Directional embeddings, overrides and isolates are removed:
    they could make a name read as another one, or turn round the text after it.
    """
    return _BIDI_OVERRIDE.sub("", _CONTROL.sub(REPLACEMENT, text))


def single_line(text: str) -> str:
    """Return the text as it may stand on a page, in one line and without superfluous space."""
    return " ".join(printable(text).split())


def shortened(text: str, limit: int) -> str:
    """Return the text, cut to at most ``limit`` characters; a cut is shown by an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS
