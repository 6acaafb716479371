"""How fast the API answers, beside a bare ModelViewSet over the same table, from one real server in the same run.

    pip install -e '.[bench-api,web-analytics]'
    python benchmarks/api.py            # about three minutes
    python benchmarks/api.py --quick    # does everything work? says nothing about speed

Needs a PostgreSQL server that may create databases; makes one of its own and drops it. The same load for
as long as wanted: benchmarks/locustfile.py. What each row means: docs/explanation/api_speed.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.serving.command_line import main

if __name__ == "__main__":
    sys.exit(main(__doc__ or ""))
