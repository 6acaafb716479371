"""That a run which is itself killed leaves neither a process nor a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.chaos.arena import REDIS, ROOT
from tests.chaos.processes import marked, wait_until
from tests.chaos.test_chaos import NEEDS, NEEDS_REDIS

pytestmark = [*NEEDS, *NEEDS_REDIS]
PROGRAM = f"""
import sys, time
from tests.chaos.arena import arena
with arena({REDIS!r}) as place:
    sys.stdout.write(f"{{place.processes.run}} {{place.folder}}\\n")
    sys.stdout.flush()
    time.sleep(600)
"""


def test_a_run_that_is_killed_leaves_nothing_behind() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True, cwd=ROOT) as harness:
        assert harness.stdout is not None
        run, folder = harness.stdout.readline().split()
        assert len(marked(run)) >= 5
        harness.kill()

    wait_until(lambda: not marked(run), what=f"the processes of {run} to end")
    wait_until(lambda: not Path(folder).exists(), what=f"{folder} to be deleted")
