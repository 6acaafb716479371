"""Who may do what, and who may receive what. The only place that imports guardian."""

from __future__ import annotations
