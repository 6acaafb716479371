"""``make demo``: prepares, then becomes the demo, so that signals reach it without a detour.

``LOG``, ``PORT`` and ``ARGS`` are taken from the environment, where make puts what is given on its command line.
"""

from __future__ import annotations

import os
import shlex
import sys

from tools import native_libraries, prepare

MANAGE = prepare.ROOT / "example_project" / "manage.py"


def main() -> None:
    """Prepare what the demo needs and run it."""
    prepare.prepare("demo")
    arguments = [str(prepare.PYTHON), str(MANAGE), "demo"]
    for option, name in (("--log", "LOG"), ("--port", "PORT")):
        value = os.environ.get(name)
        if value:
            arguments += [option, value]
    arguments += shlex.split(os.environ.get("ARGS", ""))
    os.environ.update(native_libraries.environment())
    sys.stdout.flush()
    os.execv(arguments[0], arguments)  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main()
