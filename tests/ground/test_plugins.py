"""Aliases become plug-ins, and what is wrong with their configuration is named with its place."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import pytest
from pytest_django import Settings

from django_report_scheduling.conf import conf
from django_report_scheduling.delivery import channels
from django_report_scheduling.exceptions import InvalidPlugin, UnknownPlugin
from django_report_scheduling.plugins import PluginHandler
from django_report_scheduling.rendering import renderers


class Horn(ABC):
    @abstractmethod
    def sound(self) -> str: ...

    @abstractmethod
    def volume(self) -> int: ...


class Trumpet(Horn):
    def __init__(self, *, key: str = "B") -> None:
        if key not in {"B", "C"}:
            msg = f"{key} is no key of a trumpet"
            raise ValueError(msg)
        self.key = key

    def sound(self) -> str:
        return f"tara in {self.key}"

    def volume(self) -> int:
        return 3


class Unfinished(Horn):
    def sound(self) -> str:
        return ""


class Violin: ...


def make_trumpet() -> Trumpet:
    return Trumpet()


HERE = __name__


def handler(configured: Mapping[str, Any]) -> PluginHandler[Horn]:
    return PluginHandler(setting="HORNS", base=Horn, configured=lambda: configured)


def test_an_alias_gives_an_instance_of_its_backend() -> None:
    assert handler({"t": {"BACKEND": f"{HERE}.Trumpet"}})["t"].sound() == "tara in B"


def test_options_are_keyword_arguments() -> None:
    configured = {"t": {"BACKEND": f"{HERE}.Trumpet", "OPTIONS": {"key": "C"}}}

    assert handler(configured)["t"].sound() == "tara in C"


def test_a_plugin_is_built_once() -> None:
    horns = handler({"t": {"BACKEND": f"{HERE}.Trumpet"}})

    assert horns["t"] is horns["t"]


def test_a_plugin_is_built_on_first_use_only() -> None:
    horns = handler({"bad": {"BACKEND": "nowhere.Nothing"}, "t": {"BACKEND": f"{HERE}.Trumpet"}})

    assert list(horns) == ["bad", "t"]
    assert "bad" in horns
    assert "other" not in horns
    assert horns["t"].volume() == 3


def test_an_unknown_alias_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownPlugin, match=re.escape("REPORT_SCHEDULING['HORNS'] has no 'x'; configured are: a, b.")):
        handler({"a": {}, "b": {}})["x"]


def test_an_unknown_alias_of_nothing_configured_says_so() -> None:
    with pytest.raises(UnknownPlugin, match="configured are: none"):
        handler({})["x"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"BACKEND": "nowhere.Nothing"}, "['BACKEND'] is 'nowhere.Nothing', which cannot be imported: No module"),
        ({"BACKEND": f"{HERE}.Missing"}, f"is '{HERE}.Missing', which cannot be imported: Module"),
        ({"BACKEND": "plain"}, "is 'plain', which cannot be imported"),
        ({}, "is '', which cannot be imported"),
        ({"BACKEND": None}, "is None, which is not a dotted path"),
        ({"BACKEND": Trumpet}, "which is not a dotted path"),
        ({"BACKEND": f"{HERE}.Violin"}, f"is '{HERE}.Violin', which is not a Horn"),
        ({"BACKEND": f"{HERE}.make_trumpet"}, "which is not a Horn"),
        ({"BACKEND": f"{HERE}.Unfinished"}, f"is '{HERE}.Unfinished', which lacks volume: write it in the class"),
        ({"BACKEND": f"{HERE}.Horn"}, f"is '{HERE}.Horn', which lacks sound, volume"),
        ({"BACKEND": f"{HERE}.Trumpet", "OPTIONS": {"colour": 1}}, "['OPTIONS'] does not fit"),
        ({"BACKEND": f"{HERE}.Trumpet", "OPTIONS": {"key": "H"}}, "H is no key of a trumpet"),
        ({"BACKEND": f"{HERE}.Trumpet", "OPTIONS": None}, "['OPTIONS'] does not fit"),
        (f"{HERE}.Trumpet", 'must be {"BACKEND": "dotted.path", "OPTIONS": {...}}'),
    ],
)
def test_a_bad_entry_names_its_place_and_what_is_wrong(entry: Any, message: str) -> None:
    with pytest.raises(InvalidPlugin) as caught:
        handler({"t": entry})["t"]

    assert str(caught.value).startswith("REPORT_SCHEDULING['HORNS']['t']")
    assert message in str(caught.value)


def test_a_change_of_the_setting_is_seen_by_plugins_that_were_built(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {"HORNS": {"t": {"BACKEND": f"{HERE}.Trumpet"}}}
    horns: PluginHandler[Horn] = PluginHandler(
        setting="HORNS", base=Horn, configured=lambda: settings.REPORT_SCHEDULING["HORNS"]
    )
    before = horns["t"]

    settings.REPORT_SCHEDULING = {"HORNS": {"t": {"BACKEND": f"{HERE}.Trumpet", "OPTIONS": {"key": "C"}}}}

    assert (before.sound(), horns["t"].sound()) == ("tara in B", "tara in C")


def test_a_change_of_another_setting_keeps_what_was_built(settings: Settings) -> None:
    horns = handler({"t": {"BACKEND": f"{HERE}.Trumpet"}})
    before = horns["t"]

    settings.LANGUAGE_CODE = "de"

    assert horns["t"] is before


@pytest.mark.parametrize("alias", sorted(conf.CHANNELS))
def test_every_channel_of_the_default_setting_can_be_built(alias: str) -> None:
    assert channels[alias].check() == []


@pytest.mark.parametrize("alias", sorted(conf.RENDERERS))
def test_every_renderer_of_the_default_setting_can_be_built(alias: str) -> None:
    assert renderers[alias].extension == alias
