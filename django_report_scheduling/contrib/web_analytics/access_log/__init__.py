"""Reading access logs: bytes in, fields out. Knows neither the database nor Django's models."""

from __future__ import annotations
