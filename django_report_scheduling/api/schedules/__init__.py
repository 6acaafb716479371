"""Schedules over HTTP: what people set up, change and watch."""

from __future__ import annotations
