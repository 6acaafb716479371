"""One namespace for all our names in a schema, which holds those of the host's own API too."""

from __future__ import annotations

from typing import Final

PREFIX: Final = "Report"


def component_name(name: str) -> str:
    """Return the name of a component: ours begin with :data:`PREFIX`, so that a host may have an ``Account`` too."""
    return name if name.startswith(PREFIX) else PREFIX + name


def resource_name(basename: str) -> str:
    """Return the name of a resource, in the plural: ``report-schedules`` for ``report-schedule``."""
    start = PREFIX.lower()
    return f"{basename}s" if basename.startswith(start) else f"{start}-{basename}s"
