"""Calendars of coming runs that people subscribe to: setting them up, their addresses, and what is in them."""

from __future__ import annotations
