"""How long the database takes for the first page of schedules of somebody who manages 200 accounts, of 100,000.

    pip install -e '.[bench-api,web-analytics]'
    python benchmarks/permissions.py            # a million schedules, ten million permissions: about five minutes, 3 GB
    python benchmarks/permissions.py --quick    # a hundredth of it

Needs a PostgreSQL server that may create databases; makes one of its own and drops it. Prints the plan, and the median
of its times, which docs/explanation/permissions.md keeps.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.serving.many_permissions import main

if __name__ == "__main__":
    sys.exit(main(__doc__ or ""))
