"""Primary keys: UUIDv7 (RFC 9562), so that rows made later sort later and indexes stay dense.

Migrations name :func:`new_id`; it stays at this path.
"""

from __future__ import annotations

import uuid

from uuid_utils import compat


def new_id() -> uuid.UUID:
    """Return a new time-ordered identifier."""
    return compat.uuid7()
