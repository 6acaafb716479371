"""The stylesheets of the built-in layout: what holds everywhere, and what only a screen needs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def stylesheet() -> str:
    """Return the CSS for paper; it is constant, colours of an account come in as two custom properties."""
    return _read("document.css")


@cache
def screen_stylesheet() -> str:
    """Return the CSS for a browser: that for paper, and what a screen needs on top of it.

    A file of its own, because WeasyPrint warns of every media query.
    """
    return stylesheet() + _read("screen.css")


def _read(name: str) -> str:
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
