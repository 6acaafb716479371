"""The page on services lists those of webhooks as they are."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

from django_report_scheduling.services import webhooks
from tests.extras import needs_webhooks

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "services.md"


def acts() -> Iterator[str]:
    """What people do with webhooks: functions that take who acts, and nothing but keyword arguments."""
    for module in pkgutil.iter_modules(webhooks.__path__, f"{webhooks.__name__}."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            arguments = inspect.signature(function).parameters
            by_keyword = all(each.kind is not each.POSITIONAL_OR_KEYWORD for each in arguments.values())
            if function.__module__ == module.name and by_keyword and "actor" in arguments:
                yield f"{module.name}.{name}"


def listed() -> set[str]:
    page = PAGE.read_text(encoding="utf-8")
    found = re.findall(r"automodule:: (\S+)\n +:members: ((?:.+,\n +)*.+)$", page, re.MULTILINE)
    return {f"{module}.{name}" for module, names in found for name in re.split(r",\s+", names)}


def test_everything_that_people_do_with_webhooks_is_listed() -> None:
    functions = set(acts())

    assert f"{webhooks.__name__}.replays.replay_delivery" in functions
    assert functions <= listed()


@needs_webhooks
def test_what_is_listed_is_there() -> None:
    names = {name for name in listed() if name.startswith(webhooks.__name__)}

    for name in names:
        module, _, attribute = name.rpartition(".")
        assert hasattr(importlib.import_module(module), attribute), name


def test_how_a_new_secret_is_shown_and_how_much_may_be_asked_for_is_told() -> None:
    assert {
        f"{webhooks.__name__}.pings.MAX_PINGS",
        f"{webhooks.__name__}.replays.MAX_REPLAYS",
        "django_report_scheduling.delivery.webhook.secret.Secret",
    } <= listed() | set(re.findall(r"autoclass:: (\S+)", PAGE.read_text(encoding="utf-8")))
