"""Renderers, channels, the recipient policy and the report types: they load, and they find nothing wrong themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from django_report_scheduling.checks.configured import named, shown
from django_report_scheduling.checks.value_rules import is_sound
from django_report_scheduling.conf import Settings, conf
from django_report_scheduling.delivery import channels
from django_report_scheduling.exceptions import InvalidPlugin
from django_report_scheduling.models import Delivery
from django_report_scheduling.rendering import renderers
from django_report_scheduling.reports import registry


def check_plugins(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E006: a renderer or channel cannot be loaded or named so; and whatever each finds wrong with its own set-up."""
    families = (("RENDERERS", renderers), ("CHANNELS", channels))
    sound = [(setting, family) for setting, family in families if is_sound(setting)]
    return [
        *(message for setting, family in sound for message in _messages(setting, family)),
        *(message for setting, _family in sound if setting == "CHANNELS" for message in _long_names()),
    ]


def _long_names() -> Iterator[CheckMessage]:
    longest = Delivery._meta.get_field("channel").max_length or 0
    for alias in channels:
        if len(alias) > longest:
            yield Error(
                f"{named('CHANNELS')} has {shown(alias)}, a name of {len(alias)} characters; at most {longest} fit.",
                hint="Give the channel a shorter name. It is stored with whatever is sent over it.",
                id="report_scheduling.E006",
            )


def check_recipient_policy(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E007: the recipient policy cannot be imported, or is no function."""
    if not is_sound("RECIPIENT_POLICY"):
        return []
    path = conf.RECIPIENT_POLICY
    try:
        problem = "" if callable(import_string(path)) else "which is not a function"
    except ImportError as error:
        problem = f"which cannot be imported: {error}"
    if not problem:
        return []
    return [
        Error(
            f"{named('RECIPIENT_POLICY')} is {shown(path)}, {problem}.",
            hint=(
                "Name a function that takes an account and addresses and returns the allowed ones; "
                f'the default is "{Settings.RECIPIENT_POLICY}".'
            ),
            id="report_scheduling.E007",
        )
    ]


def check_report_types(**_kwargs: Any) -> Sequence[CheckMessage]:
    """Whatever each registered report type finds wrong with its own set-up."""
    return [message for report in registry for message in report.check()]


def _messages(setting: str, family: Any) -> Iterator[CheckMessage]:
    for alias in family:
        try:
            yield from family[alias].check()
        except InvalidPlugin as error:
            yield Error(
                str(error),
                hint=f'Correct {named(setting)}["{alias}"], or remove that entry.',
                id="report_scheduling.E006",
            )
