"""Running other programs, and telling people what happens."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence


def tell(line: str = "") -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def stop(*lines: str) -> None:
    """Print why it cannot go on, and end with a failure."""
    sys.stdout.flush()
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.exit(1)


def run(arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> int:
    """Run a program whose output people see; returns its exit status."""
    return subprocess.run(arguments, check=False, env={**os.environ, **(environment or {})}).returncode  # noqa: S603  # ours


def run_quietly(arguments: Sequence[str], *, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a program; returns its exit status and what it printed."""
    result = subprocess.run(  # noqa: S603  # the arguments are ours
        arguments,
        check=False,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    return result.returncode, result.stdout


def has_program(name: str) -> bool:
    """Whether a program can be found."""
    return shutil.which(name) is not None
