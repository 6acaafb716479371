"""How fast webhooks go out beside a bare loop with the same client, and what a silent receiver costs other accounts.

    pip install -e '.[bench-webhooks]'
    python benchmarks/webhooks.py            # about eight minutes; exit code 1 where a target is missed
    python benchmarks/webhooks.py --quick    # does everything work? says nothing about speed

Needs a PostgreSQL server that may create databases and a Redis database that is empty; makes a database of its own,
drops it, and deletes from Redis what it wrote. What each row means: docs/explanation/webhook_speed.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.posting.command_line import main

if __name__ == "__main__":
    sys.exit(main(__doc__ or ""))
