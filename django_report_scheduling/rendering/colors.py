"""The colours of a document: one accent, checked, and what is derived from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

DEFAULT_ACCENT: Final = "#1f4e8c"
READABLE_CONTRAST: Final = 4.5
"""WCAG 2 level AA for text on white."""
VISIBLE_CONTRAST: Final = 3.0
"""WCAG 2 level AA for lines and areas of charts."""

_HEX_COLOR: Final = re.compile(r"#([0-9a-fA-F]{6})\Z")

_DARK_GREY: Final = "#3d3d3d"
_LIGHT_GREY: Final = "#8f8f8f"

Rgb = tuple[int, int, int]

_BLACK: Final[Rgb] = (0, 0, 0)
_WHITE: Final[Rgb] = (255, 255, 255)


@dataclass(frozen=True, kw_only=True, slots=True)
class Palette:
    """Colours as ``#rrggbb``.

    :param accent: rules and large areas, as the account chose it.
    :param accent_text: the accent, darkened until text in it is readable on white.
    :param areas: fills of charts, told apart by lightness as well as by hue.
    :param lines: the same colours in the order in which lines differ most.
    """

    accent: str
    accent_text: str
    areas: tuple[str, ...]
    lines: tuple[str, ...]


def palette(accent: str) -> Palette:
    """Return the colours for an accent; anything but ``#rrggbb`` is replaced by the default accent."""
    color = _parse(accent) or _parse(DEFAULT_ACCENT) or _BLACK
    readable = _darkened_until(color, READABLE_CONTRAST)
    own, light, deep = (
        _hex(readable),
        _hex(_lightened_to(readable, VISIBLE_CONTRAST)),
        _hex(_mixed(readable, _BLACK, 0.5)),
    )
    return Palette(
        accent=_hex(color),
        accent_text=own,
        areas=(own, light, _DARK_GREY, _LIGHT_GREY, deep),
        lines=(own, _DARK_GREY, light, deep, _LIGHT_GREY),
    )


def contrast(first: str, second: str = "#ffffff") -> float:
    """Return the contrast ratio of two colours after WCAG 2, from 1 to 21."""
    darker, lighter = sorted((_luminance(_parse(first) or _BLACK), _luminance(_parse(second) or _BLACK)))
    return (lighter + 0.05) / (darker + 0.05)


def _parse(color: str) -> Rgb | None:
    match = _HEX_COLOR.match(color)
    if match is None:
        return None
    red, green, blue = bytes.fromhex(match[1])
    return red, green, blue


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)


def _mixed(color: Rgb, other: Rgb, share: float) -> Rgb:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(color, other, strict=True))
    return red, green, blue


def _darkened_until(color: Rgb, ratio: float) -> Rgb:
    shades = (_mixed(color, _BLACK, percent / 100) for percent in range(0, 102, 2))
    return next(shade for shade in shades if contrast(_hex(shade)) >= ratio)


def _lightened_to(color: Rgb, ratio: float) -> Rgb:
    """Return the lightest tint of a colour that still stands out from white."""
    tints = (_mixed(color, _WHITE, percent / 100) for percent in range(70, 0, -2))
    return next((tint for tint in tints if contrast(_hex(tint)) >= ratio), color)


def _luminance(color: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if (part := value / 255) <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for value in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
