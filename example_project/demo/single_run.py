"""One demo per folder: a lock that lasts as long as any process of the demo does."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.management import CommandError


class SingleRun:
    """The lock that is held. The processes of the demo inherit it, so that none can be left behind unnoticed."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.note(processes=[])

    def note(self, *, processes: list[int], url: str = "") -> None:
        """Write down for others who holds the lock."""
        content = json.dumps({"demo": os.getpid(), "processes": processes, "url": url}).encode()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, content, 0)


@contextmanager
def single_run(path: Path) -> Iterator[SingleRun]:
    """Hold the lock of a folder.

    :raises CommandError: another demo holds it; the message says which, and how to stop it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in {errno.EWOULDBLOCK, errno.EACCES}:
                raise
            raise CommandError(_who_holds_it(path)) from error
        yield SingleRun(descriptor)
    finally:
        os.close(descriptor)


def _who_holds_it(path: Path) -> str:
    holder = {"demo": 0, "processes": [], "url": ""}
    with suppress(ValueError):
        holder |= json.loads(path.read_text(encoding="utf-8"))
    if _is_alive(holder["demo"]):
        where = f" at {holder['url']}" if holder["url"] else ""
        return (
            f"A demo is already running in {path.parent}{where}. Use that one, or stop it first: Ctrl-C in its "
            f"terminal, or kill {holder['demo']}. For a second one side by side name another folder in EXAMPLE_VAR_DIR."
        )
    left = " ".join(str(process) for process in holder["processes"] if _is_alive(process))
    return f"A demo that was killed left processes behind in {path.parent}. Stop them first: kill {left or '<process>'}"


def _is_alive(process: int) -> bool:
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
