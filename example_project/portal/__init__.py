"""What the customers of the example project see: their schedules and their reports."""

from __future__ import annotations
