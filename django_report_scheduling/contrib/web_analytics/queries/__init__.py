"""Questions to the traffic tables, answered with plain values."""

from __future__ import annotations
