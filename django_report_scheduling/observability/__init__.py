"""Seeing from outside how the package is doing."""

from __future__ import annotations
