"""Running tasks at once, one after the other, for hosts that have set ``task_always_eager``.

What a task hands out must not run inside it: each report that is done makes room for the next one of its account, and
a hundred of them inside each other do not fit on the stack.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import Any


class _Line(threading.local):
    """What waits in this thread until the task that runs now is done; ``None`` when none runs."""

    waiting: deque[partial[Any]] | None = None


_line = _Line()


def run_all(task: Any, batch: Iterable[tuple[Any, ...]], **options: Any) -> None:
    """Run a task for each tuple of arguments: now, or inside another such run as soon as that one is done."""
    calls = [partial(task.apply_async, args=arguments, **options) for arguments in batch]
    if _line.waiting is not None:
        _line.waiting.extend(calls)
        return
    _line.waiting = deque(calls)
    try:
        while _line.waiting:
            _line.waiting.popleft()()
    finally:
        _line.waiting = None
