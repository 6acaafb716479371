"""The management command of the package and what it consists of."""

from __future__ import annotations
