"""The parts of ``benchmarks/api.py``: a host, its data, a real server, people who ask, and the table."""

from __future__ import annotations
