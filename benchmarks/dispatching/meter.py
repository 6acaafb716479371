"""What a piece of work costs this process: time on the clock, time on the processor, memory at its peak."""

from __future__ import annotations

import re
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STATUS = Path("/proc/self/status")


@dataclass(kw_only=True, slots=True)
class Cost:
    """Seconds on the clock, seconds of this process on the processor, and by how many MB its peak memory grew."""

    wall: float = 0.0
    cpu: float = 0.0
    grown_mb: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the block; the figures are there once it has ended."""
    cost = Cost()
    peak, cpu, wall = peak_mb(), time.process_time(), time.perf_counter()
    yield cost
    cost.wall = time.perf_counter() - wall
    cost.cpu = time.process_time() - cpu
    cost.grown_mb = peak_mb() - peak


def peak_mb() -> float:
    """Return the most memory that this process has held so far.

    Linux counts into ``ru_maxrss`` what the parent held when it started this process, so its own status comes first.
    """
    if STATUS.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB", STATUS.read_text(), re.MULTILINE)
        if found:
            return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
