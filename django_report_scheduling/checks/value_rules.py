"""What the values of the settings may be: one rule per type that the class ``Settings`` names.

A new setting whose annotation is among these is checked without a change here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from celery.schedules import BaseSchedule

from django_report_scheduling.checks.configured import configured, raw_setting
from django_report_scheduling.conf import Settings
from django_report_scheduling.sealing import MIN_KEY_LENGTH, is_key


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What a value must be.

    :param wanted: the rest of "… must be".
    :param holds: whether a value is.
    """

    wanted: str
    holds: Callable[[Any], bool]


def _is_number(value: Any, kinds: type | tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and not isinstance(value, bool)


def _is_delays(value: Any) -> bool:
    return _is_list(value) and all(_is_number(delay, int) and delay >= 0 for delay in value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(text, str) for text in (*value, *value.values()))


def _is_plugins(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(alias, str)
        and isinstance(entry, Mapping)
        and isinstance(entry.get("BACKEND"), str)
        and isinstance(entry.get("OPTIONS", {}), Mapping)
        for alias, entry in value.items()
    )


def _is_period(value: Any) -> bool:
    return isinstance(value, dt.timedelta) and value > dt.timedelta(0)


def _is_beat_schedule(value: Any) -> bool:
    return (_is_number(value, (int, float)) and value > 0) or _is_period(value) or isinstance(value, BaseSchedule)


BY_ANNOTATION: Final[Mapping[str, Rule]] = {
    "int": Rule(wanted="a whole number, 1 or more", holds=lambda value: _is_number(value, int) and value >= 1),
    "int | None": Rule(
        wanted="a whole number, 1 or more, or None",
        holds=lambda value: value is None or (_is_number(value, int) and value >= 1),
    ),
    "str": Rule(wanted="a text", holds=lambda value: isinstance(value, str)),
    "bool": Rule(wanted="True or False", holds=lambda value: isinstance(value, bool)),
    "dt.timedelta": Rule(wanted="a datetime.timedelta above zero", holds=_is_period),
    "Sequence[int]": Rule(wanted="a list of whole seconds, none negative", holds=_is_delays),
    "Sequence[str]": Rule(
        wanted="a list of texts",
        holds=lambda value: _is_list(value) and all(isinstance(text, str) for text in value),
    ),
    "Mapping[str, str]": Rule(wanted="a dict from text to text", holds=_is_texts),
    "Mapping[str, Mapping[str, Any]]": Rule(
        wanted='a dict of the form {alias: {"BACKEND": dotted path, "OPTIONS": {…}}}', holds=_is_plugins
    ),
    "float | dt.timedelta | Any": Rule(
        wanted="seconds above zero, a datetime.timedelta above zero, or a schedule of Celery", holds=_is_beat_schedule
    ),
}
"""Annotation of a setting → its rule."""

BY_NAME: Final[Mapping[str, Rule]] = {
    **{
        name: Rule(wanted="a whole number, 0 or more", holds=lambda value: _is_number(value, int) and value >= 0)
        for name in ("MAX_RESCUES", "EMAIL_ATTACHMENT_LIMIT")
    },
    "EXTERNAL_RECIPIENTS": Rule(
        wanted='"refuse" or "confirm"', holds=lambda value: isinstance(value, str) and value in {"refuse", "confirm"}
    ),
    "SECRET_KEYS": Rule(
        wanted=f"a list of texts of at least {MIN_KEY_LENGTH} characters each",
        holds=lambda value: _is_list(value) and all(is_key(key) for key in value),
    ),
}
"""Settings with a rule of their own."""


def rule_for(name: str) -> Rule:
    """Return the rule for a known setting."""
    return BY_NAME.get(name) or BY_ANNOTATION[Settings.__annotations__[name]]


def is_sound(*names: str) -> bool:
    """Whether the settings of these names have values of the right type, so that other checks may use them."""
    if not isinstance(raw_setting(), Mapping):
        return False
    given = configured()
    return all(rule_for(name).holds(given[name]) for name in names if name in given)
