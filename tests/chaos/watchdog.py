"""Ends a run whose harness is gone: ``python -m tests.chaos.watchdog RUN FOLDER``.

Its standard input is a pipe from the harness. When that closes, because the harness has finished or was killed, all
processes that carry the mark of the run are ended and its folder is deleted.
"""

from __future__ import annotations

import shutil
import sys

from tests.chaos.processes import end_all


def main(run: str, folder: str) -> None:
    sys.stdin.read()
    end_all(run)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
