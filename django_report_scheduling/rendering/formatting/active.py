"""Which formatter template filters use: the one of the document that is being rendered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django_report_scheduling.rendering.formatting.formatter import Formatter

_active: ContextVar[Formatter | None] = ContextVar("report_scheduling_formatter", default=None)


def active_formatter() -> Formatter:
    """Return the formatter in use, or an English one outside of any document."""
    return _active.get() or Formatter()


@contextmanager
def use_formatter(formatter: Formatter) -> Iterator[None]:
    """Use this formatter inside a ``with`` block."""
    token = _active.set(formatter)
    try:
        yield
    finally:
        _active.reset(token)
