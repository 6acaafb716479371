"""The libraries of the extra ``webhooks``, loaded when somebody needs them: a host without webhooks has none."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

MISSING_LIBRARIES: Final = "Webhooks need more libraries. Run: pip install 'django-report-scheduling[webhooks]'"
NAMES: Final = ("certifi", "cryptography", "dns", "httpcore2", "idna")
"""Top-level modules of the extra."""


def missing_libraries() -> Sequence[str]:
    """Return those of them that are not installed, without loading any."""
    return [name for name in NAMES if find_spec(name) is None]


def library(name: str) -> Any:
    """Import a module of an optional library.

    :param name: dotted name of the module.
    :raises ImproperlyConfigured: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ImproperlyConfigured(MISSING_LIBRARIES) from error
