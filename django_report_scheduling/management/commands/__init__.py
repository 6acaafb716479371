"""Commands that Django finds by their file name."""

from __future__ import annotations
