"""An app of the second host."""

from __future__ import annotations
