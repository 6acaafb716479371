"""The parts of an Excel workbook."""

from __future__ import annotations
