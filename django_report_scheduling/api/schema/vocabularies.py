"""Our closed vocabularies as components with names, so that no host has to name our enums in its settings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Choices

from django_report_scheduling import choices
from django_report_scheduling.api.schema.namespace import component_name

Vocabulary = tuple[str, Iterable[tuple[Any, Any]]]
"""A name, and values with what they mean to people."""

OURS: Final[tuple[type[Choices], ...]] = (
    choices.ConsentState,
    choices.DeliveryState,
    choices.DeliveryStatus,
    choices.ErrorCode,
    choices.Event,
    choices.Frequency,
    choices.MisfirePolicy,
    choices.ReportStatus,
    choices.Role,
    choices.ScheduleState,
    choices.Trigger,
    choices.WebhookState,
)
NOTHING: Final = frozenset({"", None})
"""Values that say that there is none; a field allows them, not the vocabulary."""


def vocabulary_of(values: Iterable[Any]) -> Vocabulary | None:
    """Return the vocabulary of ours that consists of exactly these values, if there is one."""
    wanted = frozenset(values) - NOTHING
    found = (kind for kind in OURS if frozenset(kind.values) == wanted)
    return next(((kind.__name__, kind.choices) for kind in found), None)


def described(vocabulary: Vocabulary) -> tuple[str, dict[str, Any]]:
    """Return the name of its component, and its schema, with what each value means."""
    name, members = vocabulary
    meanings = {value: label for value, label in members if value not in NOTHING}
    return component_name(name), {
        "type": "string",
        "enum": list(meanings),
        "description": "\n".join(f"* `{value}` – {label}" for value, label in meanings.items()),
    }
