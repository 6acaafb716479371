"""The three report types."""

from __future__ import annotations
