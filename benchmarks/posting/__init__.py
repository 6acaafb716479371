"""The parts of ``benchmarks/webhooks.py``: a host, a TLS receiver, a bare loop, real workers, and the table."""

from __future__ import annotations
