"""Pages for recipients, and calendar programs, without a login."""

from __future__ import annotations
