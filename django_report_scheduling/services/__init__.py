"""The verbs: keyword-only, typed, one transaction each. Everything above only calls them."""

from __future__ import annotations
