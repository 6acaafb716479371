"""Where an error came from, without what it says: the text of a foreign error may hold an address or a row."""

from __future__ import annotations

import traceback


def trace(error: BaseException | None) -> str:
    """Return the kinds and places of an error and of everything that caused it, innermost last.

    The messages of the errors are left out, so that the result can go into a log.
    """
    parts = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        places = " < ".join(f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(frames))
        parts.append(f"{type(error).__module__}.{type(error).__qualname__} in {places or 'no frame'}")
        error = error.__cause__ or error.__context__
    return "; from ".join(parts)
