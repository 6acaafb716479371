"""Pages for recipients without a login."""

from __future__ import annotations
