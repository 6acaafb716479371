"""The rows of the table: each module names its rows and knows which runs they need."""

from __future__ import annotations

from benchmarks.dispatching.rows import broker, claims, idle, publishing, workers

GROUPS = (broker, claims, idle, publishing, workers)
KEYS = tuple(key for group in GROUPS for key in group.KEYS)
