"""Progress on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from django.core.management.base import OutputWrapper


class Progress:
    """One line that is written over again and again; nothing where the output is no terminal.

    Used as a context manager, it wipes its line at the end.
    """

    def __init__(self, stream: OutputWrapper) -> None:
        self._stream = stream
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.clear()

    def show(self, text: str) -> None:
        """Replace the line."""
        if self._stream.isatty():
            self._write(f"\r{text.ljust(self._width)}")
            self._width = len(text)

    def clear(self) -> None:
        """Wipe the line, so that ordinary output can follow."""
        if self._width:
            self._write(f"\r{' ' * self._width}\r")
            self._width = 0

    def _write(self, text: str) -> None:
        self._stream.write(text, style_func=str, ending="")
        self._stream.flush()
