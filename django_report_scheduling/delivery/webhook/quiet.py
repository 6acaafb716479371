"""Keeps the HTTP library's log records of our own requests away: they hold hosts and headers of customers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_LOGGERS: Final = ("httpcore2.connection", "httpcore2.http11")
_quiet: Final = ContextVar("quiet", default=False)


def _is_allowed(_record: logging.LogRecord) -> bool:
    return not _quiet.get()


@contextmanager
def quiet() -> Iterator[None]:
    """Drop what the HTTP library logs inside of this block, in this thread; the host's other requests log as ever."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_is_allowed)  # adds it once, however often it is called
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)
