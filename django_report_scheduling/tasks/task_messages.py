"""Sending many messages of one task at a fraction of the cost of as many ``apply_async``.

Two thirds of what ``apply_async`` does are the same for each message: it reads settings, merges the task's options and
asks the router. Here that is done once, and each message is then made and sent by the same two functions of Celery's
that ``apply_async`` ends in. So its headers, the signals ``before_task_publish`` and ``after_task_publish`` and the
``task-sent`` events are what workers, monitors and tracing are used to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MethodType
from typing import Any, Final

from celery import Celery, Task
from celery.app.routes import MapRoute
from celery.app.task import extract_exec_options  # type: ignore[attr-defined]  # not in the stubs
from celery.utils import uuid
from kombu import Producer

from django_report_scheduling.tasks.broker import PATIENT, Patience

Arguments = Sequence[Any]

_BODY: Final = ("countdown", "expires", "time_limit", "soft_time_limit", "ignore_result")
"""Options that belong into the message; the others say how it travels."""


def send_all(
    task: Any, batch: Iterable[Arguments], *, producer: Producer, patience: Patience = PATIENT, **options: Any
) -> None:
    """Send one message of a task for each tuple of arguments.

    :param options: options of ``apply_async``; they go before those of the task.
    """
    send = _send_one_by_one if _is_special(task, options) else _send_prepared
    send(task, batch, producer, {**options, **_how_to_wait(patience)})


def _how_to_wait(patience: Patience) -> Mapping[str, Any]:
    """The database makes good what is lost, so no message waits here for a broker that is away."""
    return {"retry": False, "timeout": patience.answer}


def _is_special(task: Any, options: dict[str, Any]) -> bool:
    """Whether something looks at each call: code of the host or of a tracer, a result backend, an expiry date."""
    merged = {**extract_exec_options(task), **options}
    return bool(not _all_celery_s_own(task) or merged.get("expires") or not task.ignore_result)


def _all_celery_s_own(task: Any) -> bool:
    """Whether nobody has put code of their own in the way of a message: as a subclass, patch or routing function."""
    steps = ((task.apply_async, Task), (task.shadow_name, Task), (task.app.send_task, Celery))
    routes = task.app.amqp.router.routes
    return all(_is_own(step, owner) for step, owner in steps) and all(isinstance(each, MapRoute) for each in routes)


def _is_own(step: Any, owner: type) -> bool:
    # By exact type, because a wrapper may imitate everything else of what it wraps.
    function = step.__func__ if type(step) is MethodType else None
    return getattr(function, "__module__", None) == owner.__module__ and not hasattr(function, "__wrapped__")


def _send_one_by_one(task: Any, batch: Iterable[Arguments], producer: Producer, options: dict[str, Any]) -> None:
    for arguments in batch:
        task.apply_async(args=arguments, producer=producer, **options)


def _send_prepared(task: Any, batch: Iterable[Arguments], producer: Producer, options: dict[str, Any]) -> None:
    app = task.app
    name, route = task.name, _route(task, options)
    make, send = _maker(app, task, route), app.amqp.send_task_message
    body = {option: route.pop(option, None) for option in _BODY}
    for arguments in batch:
        text = repr(arguments)
        message = make(uuid(), name, arguments, {}, argsrepr=text, kwargsrepr="{}", **body)
        send(producer, name, message, **route)
        # What the first one has declared is there for the others.
        route["declare"] = []


def _route(task: Any, options: dict[str, Any]) -> dict[str, Any]:
    route = {**extract_exec_options(task), **options}
    route.update(ignore_result=True)
    routed: dict[str, Any] = task.app.amqp.router.route(route, task.name, (), {}, task)
    return routed


def _maker(app: Any, task: Any, route: dict[str, Any]) -> Callable[..., Any]:
    """Return Celery's function that makes a message, with what is the same in all: sender and parent task."""
    same: dict[str, Any] = {
        "reply_to": app.thread_oid,
        "create_sent_event": app.conf.task_send_sent_event,
        "shadow": task.shadow_name((), {}, route),
    }
    parent = app.current_worker_task
    if parent:
        same.update(root_id=parent.request.root_id or parent.request.id, parent_id=parent.request.id)
        if app.conf.task_inherit_parent_priority:
            route.setdefault("priority", parent.request.delivery_info.get("priority"))

    def make(*arguments: Any, **options: Any) -> Any:
        return app.amqp.create_task_message(*arguments, **same, **options)

    return make
