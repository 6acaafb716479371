"""Calendar feeds over HTTP: everybody their own, and nobody anybody else's."""

from __future__ import annotations
