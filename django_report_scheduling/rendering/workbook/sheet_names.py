"""Names that Excel takes for a sheet."""

from __future__ import annotations

import re
from typing import Final

from django_report_scheduling.rendering.text import printable

LONGEST: Final = 31

_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]+")
_RESERVED: Final = frozenset({"history", ""})


class SheetNames:
    """Makes every name allowed and unique within one workbook, whatever the case of its letters."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def unique(self, wanted: str) -> str:
        """Return the wanted name, or the closest one that Excel takes and that is still free."""
        base = " ".join(_FORBIDDEN.sub(" ", printable(wanted)).split()).strip("'")
        if base.lower() in _RESERVED:
            base = f"{base} –".strip()
        name = _cut(base, LONGEST)
        number = 1
        while name.lower() in self._taken:
            number += 1
            ending = f" ({number})"
            name = _cut(base, LONGEST - len(ending)) + ending
        self._taken.add(name.lower())
        return name


def _cut(text: str, length: int) -> str:
    """Cut to a number of UTF-16 units, which is what Excel counts."""
    while len(text.encode("utf-16-le")) // 2 > length:
        text = text[:-1]
    return text.rstrip(" '")
