"""Optional parts, none of which the rest of the package needs."""

from __future__ import annotations
