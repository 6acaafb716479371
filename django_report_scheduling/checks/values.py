"""The type and range of each value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.core.checks import CheckMessage, Error

from django_report_scheduling.checks.configured import configured, named, shown
from django_report_scheduling.checks.value_rules import rule_for
from django_report_scheduling.conf import KNOWN_SETTINGS, Settings

_SECRET: Final = frozenset({"SECRET_KEYS"})


def check_values(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E003: a value has the wrong type or is out of range."""
    return [
        Error(
            f"{named(name)} must be {rule_for(name).wanted}, got {_given(name, value)}.",
            hint=f"Set {named(name)} = {shown(vars(Settings)[name])}, which is the default, or leave it out.",
            id="report_scheduling.E003",
        )
        for name, value in configured().items()
        if name in KNOWN_SETTINGS and not rule_for(name).holds(value)
    ]


def _given(name: str, value: object) -> str:
    return f"a {type(value).__name__} that is not shown here" if name in _SECRET else shown(value)
