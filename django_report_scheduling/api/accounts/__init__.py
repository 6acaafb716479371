"""The accounts that somebody may see."""

from __future__ import annotations
