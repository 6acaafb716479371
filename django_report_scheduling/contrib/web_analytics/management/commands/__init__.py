"""One command per file."""

from __future__ import annotations
