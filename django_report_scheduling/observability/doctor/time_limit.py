"""Calling what may hang."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from django.db import connections

T = TypeVar("T")


def within(seconds: float, function: Callable[[], T]) -> T:
    """Return what the function returns, or stop waiting for it.

    It runs in a thread of its own, so with database connections of its own. A thread that hangs is left behind; it
    does not keep the process from ending.

    :raises TimeoutError: it has not returned in time.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def call() -> None:
        try:
            results.append(function())
        except BaseException as error:  # noqa: BLE001  # handed over to the calling thread, which raises it
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=call, name="doctor", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        msg = f"It did not answer within {seconds:g} seconds."
        raise TimeoutError(msg)
    return results[0]
