"""Chart texts in scripts whose letters join or move.

WeasyPrint sets SVG text letter by letter, which takes Arabic, Hebrew, Devanagari, Thai and others apart. Such a text is
therefore set as HTML, at the same place above the picture.
"""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape

# Hebrew to the end of the South and South-East Asian blocks, their later extensions, and joined emoji.
_COMPLEX: Final = re.compile(
    "[\u0590-\u10ff\u1700-\u18af\u1900-\u1aff\u1b00-\u1cff\ua800-\uabff\ufb1d-\ufdff\ufe70-\ufefc\u200d]"
)
_LINE_ABOVE_BASELINE: Final = 10.5
_CENTRED_WIDTH: Final = 40.0


def needs_shaping(text: str) -> bool:
    """Whether the letters of a text depend on each other."""
    return not text.isascii() and _COMPLEX.search(text) is not None


def overlay_text(text: str, *, x: float, y: float, anchor: str, color: str, bold: bool) -> str:
    """Return the text as an absolutely placed element; ``x`` and ``y`` are shares of the picture in percent."""
    left, width, align = {
        "start": (x, 100 - x, "left"),
        "end": (0.0, x, "right"),
        "middle": (x - _CENTRED_WIDTH / 2, _CENTRED_WIDTH, "center"),
    }[anchor]
    return (
        f'<span class="chart-text" style="left:{left:.2f}%;top:{y:.2f}%;width:{max(width, 0):.2f}%;'
        f'text-align:{align};color:{color};font-weight:{700 if bold else 400}">{escape(text)}</span>'
    )


def line_top(baseline: float) -> float:
    """Return where the line box of a text starts whose baseline is given, in units of the picture."""
    return baseline - _LINE_ABOVE_BASELINE
