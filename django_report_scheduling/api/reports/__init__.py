"""Reports over HTTP: what ran, what did not, why, and who got it."""

from __future__ import annotations
