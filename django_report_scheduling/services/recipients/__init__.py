"""The say that the people at the addresses have: asking them, hearing them, and not writing to who does not want it."""

from __future__ import annotations
