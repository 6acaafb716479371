"""How fast schedules become messages, beside django-celery-beat, celery-redbeat and a plain loop, in the same run.

    pip install -e '.[bench]'
    python benchmarks/dispatch.py                      # everything; about half an hour on two cores
    python benchmarks/dispatch.py --quick              # does everything work? says nothing about speed
    python benchmarks/dispatch.py --only redbeat idle  # some rows
    python benchmarks/dispatch.py --json figures.json  # the figures too, for comparing runs

Needs a PostgreSQL server that may create databases and a Redis database that is empty; makes databases of its own,
drops them, and deletes from Redis what it wrote. What each row means: docs/explanation/benchmarks.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.dispatching.command_line import main

if __name__ == "__main__":
    sys.exit(main(__doc__ or ""))
