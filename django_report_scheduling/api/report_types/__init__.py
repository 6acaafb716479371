"""The kinds of reports that there are, with their parameters."""

from __future__ import annotations
