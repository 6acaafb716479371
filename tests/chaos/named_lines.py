"""The lines between two steps that belong together, at which a process can be told to die or to stand still.

The package knows nothing of it: functions that it calls by name are wrapped from outside, in the processes of the
chaos host. One of the processes that pass a line takes the order for it, if there is one, and obeys.
"""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.chaos.orders import Orders

KILL, STOP = "kill", "stop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A place right before or right after the call of a function.

    :param function: dotted name within the module.
    :param passed: given the arguments and, after the call, the result: whether this call is one that is meant.
    """

    name: str
    module: str
    function: str
    after: bool
    passed: Callable[[Sequence[Any], Any], bool] = lambda _arguments, _result: True


def _gave_something(_arguments: Sequence[Any], result: Any) -> bool:
    return bool(result)


def _has_messages(arguments: Sequence[Any], _result: Any) -> bool:
    return bool(arguments[1])


_PUBLISHING = "django_report_scheduling.tasks.publishing"
_GENERATION = "django_report_scheduling.services.generation"
_DELIVERING = "django_report_scheduling.services.delivering"
_EMAIL = "django_report_scheduling.delivery.email"
_WEBHOOK = "django_report_scheduling.delivery.webhook.channel"

COMMIT_PUBLISH = Line(
    name="commit | publish", module=_PUBLISHING, function="_publish", after=False, passed=_has_messages
)
CLAIM_WORK = Line(name="claim | work", module=_GENERATION, function="claim_report", after=True, passed=_gave_something)
RENDER_STORE = Line(name="render | store", module=_GENERATION, function="store", after=False)
STORE_FINISH = Line(name="store | finish", module=_GENERATION, function="finish_report", after=False)
FINISH_HAND_OUT = Line(
    name="finish | hand out", module=_GENERATION, function="finish_report", after=True, passed=_gave_something
)
CLAIM_SEND = Line(
    name="claim | send", module=_DELIVERING, function="claim_delivery", after=True, passed=_gave_something
)
TOLD_COMMIT = Line(name="webhook accept | commit", module=_WEBHOOK, function="WebhookChannel.deliver", after=True)
ACCEPT_COMMIT = Line(name="SMTP accept | commit", module=_EMAIL, function="EmailChannel.deliver", after=True)

LINES = (
    COMMIT_PUBLISH,
    CLAIM_WORK,
    RENDER_STORE,
    STORE_FINISH,
    FINISH_HAND_OUT,
    CLAIM_SEND,
    ACCEPT_COMMIT,
    TOLD_COMMIT,
)


def install() -> None:
    """Wrap the functions, in this process.

    :raises AttributeError: the package has no such function any more; the line has to be named anew.
    """
    orders = Orders(Path(os.environ["CHAOS_FOLDER"]))
    for line in LINES:
        holder: Any = import_module(line.module)
        *classes, name = line.function.split(".")
        for part in classes:
            holder = getattr(holder, part)
        setattr(holder, name, _guarded(getattr(holder, name), line, orders))


def _guarded(function: Callable[..., Any], line: Line, orders: Orders) -> Callable[..., Any]:
    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not line.after and line.passed(args, None):
            _obey(orders.take(line.name))
        result = function(*args, **kwargs)
        if line.after and line.passed(args, result):
            _obey(orders.take(line.name))
        return result

    return guarded


def _obey(what: str) -> None:
    if what:
        os.kill(os.getpid(), signal.SIGKILL if what == KILL else signal.SIGSTOP)
