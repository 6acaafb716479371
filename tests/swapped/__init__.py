"""A second host project: its account model is its own, with an integer key, in an app of its own."""

from __future__ import annotations
