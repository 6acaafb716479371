"""The HTTP API: parse, authorise, call a service, answer. Mounted by the host; whoever does not, loads none of it."""

from __future__ import annotations
