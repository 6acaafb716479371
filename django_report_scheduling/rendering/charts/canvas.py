"""A sheet to draw on: shapes at numbers, text escaped. Nothing else can get into the markup."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final, Literal
from xml.sax.saxutils import escape

from django_report_scheduling.rendering.charts.overlay import line_top, needs_shaping, overlay_text
from django_report_scheduling.rendering.text import printable, shortened

WIDTH: Final = 680.0
FONT_SIZE: Final = 11.0
INK: Final = "#3d3d3d"
MUTED: Final = "#5f5f5f"
RULE: Final = "#dedede"

_FONTS: Final = "Noto Sans,DejaVu Sans,Helvetica Neue,Arial,sans-serif"
_MIRRORED: Final = {"start": "end", "end": "start", "middle": "middle"}

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]


class Canvas:
    """Collects shapes and yields one ``<svg>`` element, and texts above it where a script needs that.

    :param height: of the sheet; its width is always :data:`WIDTH`.
    :param mirrored: draw from right to left, for scripts that are read so.
    """

    def __init__(self, *, height: float, mirrored: bool = False) -> None:
        self.height = height
        self._mirrored = mirrored
        self._shapes: list[str] = []
        self._overlay: list[str] = []

    def line(self, start: Point, end: Point, *, color: str, width: float = 1) -> None:
        """Draw a straight line."""
        (x1, y1), (x2, y2) = start, end
        self._shapes.append(
            f'<line x1="{self._x(x1)}" y1="{number(y1)}" x2="{self._x(x2)}" y2="{number(y2)}" '
            f'stroke="{color}" stroke-width="{number(width)}"/>'
        )

    def polyline(self, points: Iterable[Point], *, color: str, width: float, dash: str = "") -> None:
        """Draw a line through points; ``dash`` is a constant such as ``6 3``."""
        path = "L".join(f"{self._x(x)} {number(y)}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._shapes.append(
            f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="{number(width)}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dashes}/>'
        )

    def circle(self, center: Point, *, radius: float, color: str) -> None:
        """Draw a filled circle."""
        x, y = center
        self._shapes.append(f'<circle cx="{self._x(x)}" cy="{number(y)}" r="{number(radius)}" fill="{color}"/>')

    def boxes(self, boxes: Iterable[tuple[float, float, float, float]], *, color: str) -> None:
        """Draw filled rectangles ``(x, y, width, height)`` in one colour, as a single shape."""
        path = "".join(
            f"M{self._x(x + width if self._mirrored else x)} {number(y)}"
            f"h{number(width)}v{number(height)}h{number(-width)}z"
            for x, y, width, height in boxes
        )
        if path:
            self._shapes.append(f'<path d="{path}" fill="{color}"/>')

    def text(self, at: Point, text: str, *, anchor: Anchor = "start", color: str = MUTED, bold: bool = False) -> None:
        """Write one line of text with its baseline at ``at``."""
        x, y = at
        side = _MIRRORED[anchor] if self._mirrored else anchor
        clean = printable(text)
        if needs_shaping(clean):
            across = (WIDTH - x if self._mirrored else x) / WIDTH * 100
            down = line_top(y) / self.height * 100
            self._overlay.append(overlay_text(clean, x=across, y=down, anchor=side, color=color, bold=bold))
            return
        weight = ' font-weight="700"' if bold else ""
        self._shapes.append(
            f'<text x="{self._x(x)}" y="{number(y)}" text-anchor="{side}" fill="{color}"{weight}>{escape(clean)}</text>'
        )

    def markup(self, *, alternative: str) -> str:
        """Return the picture; ``alternative`` is what it says to readers who do not see it."""
        # WeasyPrint takes the alternative text of a figure from <title> alone; aria-label is for browsers.
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {number(WIDTH)} {number(self.height)}" '
            f'width="{number(WIDTH)}" height="{number(self.height)}" font-family="{_FONTS}" '
            f'font-size="{number(FONT_SIZE)}" direction="ltr">'
            f"<title>{escape(printable(alternative))}</title>{''.join(self._shapes)}</svg>"
            f"{''.join(self._overlay)}"
        )

    def _x(self, x: float) -> str:
        return number(WIDTH - x if self._mirrored else x)


def number(value: float) -> str:
    """Return a coordinate with at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0") if value else "0"


def text_width(text: str, size: float = FONT_SIZE) -> float:
    """Estimate on the safe side how wide a text runs in a common sans-serif."""
    return sum(_em(character) for character in text) * size


def fitting(text: str, width: float) -> str:
    """Return the text, cut with an ellipsis so that it should fit into ``width``."""
    clean = shortened(printable(text), 200)
    if text_width(clean) <= width:
        return clean
    while clean and text_width(clean) + FONT_SIZE > width:
        clean = clean[:-1]
    return clean.rstrip() + "…"


def _em(character: str) -> float:
    if character in "\u200e\u200f":
        return 0.0
    if character in "iljftrI.,:;|!' ()/":
        return 0.34
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    return 0.7 if character.isupper() or character in "mw—%" else 0.59
