"""Recurring reports for Django: on time, exactly once, to exactly the people who may see them."""

from __future__ import annotations

__version__ = "0.1.0"
