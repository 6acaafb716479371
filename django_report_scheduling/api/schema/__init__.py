"""How the API describes itself as OpenAPI 3.1, through drf-spectacular, whatever the host has set for its own views."""

from __future__ import annotations
