"""A message of a batch is what ``apply_async`` would have sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any
from unittest.mock import Mock

import pytest
from celery import Celery, Task
from celery._state import _task_stack
from celery.signals import after_task_publish, before_task_publish

from django_report_scheduling.services.messages import Message
from django_report_scheduling.tasks import names, publishing, task_messages
from django_report_scheduling.tasks.broker import PATIENT
from tests.celery_app import app

IDS = [Message("first", 0), Message("second", 1)]
VOLATILE = {"id", "root_id", "origin", "correlation_id", "delivery_tag"}


@pytest.fixture(autouse=True)
def host() -> Iterator[Celery]:
    """A Celery app of a host with its own configuration and an empty queue in memory."""
    host = Celery("host", broker="memory://", set_as_current=False)
    host.conf.task_default_queue = "host"
    host.set_current()
    taken(host, "host")
    yield host
    app.set_current()


def taken(host: Celery, name: str = "host") -> list[Any]:
    """Take all messages out of a queue."""
    found = []
    with host.connection_for_read() as connection:
        box = connection.SimpleQueue(name)
        while box.qsize():
            message = box.get(timeout=5)
            message.ack()
            found.append(message)
    return found


def seen(message: Any) -> tuple[Any, ...]:
    """What a worker or a monitor sees of a message, without what differs from one to the next."""
    headers = {name: value for name, value in message.headers.items() if name not in VOLATILE}
    properties = {name: value for name, value in message.properties.items() if name not in VOLATILE}
    return headers, properties, message.payload, message.content_type, message.content_encoding


def by_apply_async(host: Celery) -> list[Any]:
    for message in IDS:
        host.tasks[names.GENERATE_REPORT].apply_async(
            args=(message.id, message.attempt, None), soft_time_limit=300, time_limit=360
        )
    return taken(host)


def test_the_messages_are_the_same_as_those_of_apply_async(host: Celery) -> None:
    assert publishing.publish_reports(IDS) == len(IDS)

    batch = taken(host)
    assert [seen(message) for message in batch] == [seen(message) for message in by_apply_async(host)]
    assert len({message.headers["id"] for message in batch}) == len(IDS)
    assert all(message.headers["root_id"] == message.headers["id"] for message in batch)


def test_a_priority_that_the_host_gives_the_task_holds(host: Celery) -> None:
    host.tasks[names.GENERATE_REPORT].priority = 7

    publishing.publish_reports(IDS)

    assert [message.properties["priority"] for message in taken(host)] == [7, 7]


def test_an_expiry_that_the_host_gives_the_task_holds(host: Celery) -> None:
    host.tasks[names.GENERATE_REPORT].expires = 7

    publishing.publish_reports(IDS)

    assert all(message.headers["expires"] for message in taken(host))


def test_the_package_s_time_limits_come_before_those_of_the_task(host: Celery) -> None:
    host.tasks[names.GENERATE_REPORT].time_limit = 7

    publishing.publish_reports(IDS)

    assert [message.headers["timelimit"] for message in taken(host)] == [[360, 300]] * 2


def test_a_route_of_the_host_holds(host: Celery) -> None:
    host.conf.task_routes = {names.GENERATE_REPORT: {"queue": "slow"}}
    taken(host, "slow")

    publishing.publish_reports(IDS)

    assert (len(taken(host, "slow")), taken(host)) == (len(IDS), [])


def test_signals_are_sent_for_each_message_and_may_add_headers(host: Celery) -> None:
    published = []

    def add(headers: dict[str, Any], **_details: Any) -> None:
        headers["traceparent"] = headers["id"]

    def note(headers: dict[str, Any], **_details: Any) -> None:
        published.append(headers["id"])

    before_task_publish.connect(add, weak=False)
    after_task_publish.connect(note, weak=False)
    try:
        publishing.publish_reports(IDS)
    finally:
        before_task_publish.disconnect(add)
        after_task_publish.disconnect(note)

    assert [message.headers["traceparent"] for message in taken(host)] == published
    assert len(published) == len(IDS)


def test_a_host_s_own_apply_async_is_called(host: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    """As packages for several tenants or for tracing have it."""

    def with_tenant(self: Any, *arguments: Any, **options: Any) -> Any:
        return Task.apply_async(self, *arguments, headers={"tenant": "acme"}, **options)

    monkeypatch.setattr(type(host.tasks[names.GENERATE_REPORT]), "apply_async", with_tenant)

    publishing.publish_reports(IDS)

    assert [message.headers["tenant"] for message in taken(host)] == ["acme", "acme"]


def test_the_host_s_own_ways_are_only_taken_where_it_has_any(host: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.tasks[names.GENERATE_REPORT], "apply_async", Mock())
    assert publishing.publish_reports(IDS) == len(IDS)
    assert taken(host) == []

    monkeypatch.undo()
    monkeypatch.setattr(task_messages, "_send_one_by_one", lambda *_arguments: pytest.fail("not needed"))
    host.conf.task_routes = {"another.*": {"queue": "slow"}}
    publishing.publish_reports(IDS)
    assert len(taken(host)) == len(IDS)


@pytest.mark.parametrize("wrap", [wraps(Task.apply_async), lambda function: function])
def test_a_patch_of_celery_s_own_apply_async_is_called(
    wrap: Any, host: Celery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As tracers have it, with and without manners."""
    original = Task.apply_async

    @wrap
    def traced(self: Any, *arguments: Any, **options: Any) -> Any:
        return original(self, *arguments, headers={"trace": "on"}, **options)

    monkeypatch.setattr(Task, "apply_async", traced)

    publishing.publish_reports(IDS)

    assert [message.headers["trace"] for message in taken(host)] == ["on", "on"]


def test_a_host_s_own_app_sends_the_messages(host: Celery) -> None:
    class OwnApp(Celery):
        def send_task(self, *arguments: Any, **options: Any) -> Any:
            return super().send_task(*arguments, headers={"tenant": "acme"}, **options)

    own = OwnApp("own", broker="memory://", set_as_current=False)
    own.conf.task_default_queue = "own"
    own.set_current()

    publishing.publish_reports(IDS)

    assert [message.headers["tenant"] for message in taken(own, "own")] == ["acme", "acme"]


def test_a_function_that_routes_by_arguments_is_asked_for_each_message(host: Celery) -> None:
    def by_report(_name: str, args: Any, _kwargs: Any, _options: Any, **_more: Any) -> dict[str, str]:
        return {"queue": f"queue-of-{args[0]}"}

    host.conf.task_routes = [by_report]

    assert publishing.publish_reports(IDS) == len(IDS)
    assert [len(taken(host, f"queue-of-{name}")) for name in ("first", "second")] == [1, 1]


def test_a_name_for_monitors_may_depend_on_the_arguments(host: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    def named(_self: Any, args: Any, _kwargs: Any, _options: Any) -> str:
        return f"report {args[0]}"

    monkeypatch.setattr(type(host.tasks[names.GENERATE_REPORT]), "shadow_name", named)

    publishing.publish_reports(IDS)

    assert [message.headers["shadow"] for message in taken(host)] == ["report first", "report second"]


def test_whoever_sends_them_waits_no_longer_for_a_broker_that_is_away(
    host: Celery, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Mock()
    monkeypatch.setattr(host.tasks[names.GENERATE_REPORT], "apply_async", own)

    publishing.publish_reports(IDS)

    assert {(call.kwargs["retry"], call.kwargs["timeout"]) for call in own.mock_calls} == {(False, PATIENT.answer)}


def test_the_parent_task_is_named(host: Celery) -> None:
    host.conf.task_inherit_parent_priority = True
    tick = host.tasks[names.TICK]
    _task_stack.push(tick)
    tick.push_request(called_directly=False, id="tick-id", root_id="root-id", delivery_info={"priority": 3})
    try:
        publishing.publish_reports(IDS)
    finally:
        tick.pop_request()
        _task_stack.pop()

    batch = taken(host)
    assert {(message.headers["root_id"], message.headers["parent_id"]) for message in batch} == {("root-id", "tick-id")}
    assert {message.properties["priority"] for message in batch} == {3}


def test_eager_tasks_run_at_once_and_need_no_broker(host: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    host.conf.task_always_eager = True
    task = type(host.tasks[names.GENERATE_REPORT])
    monkeypatch.setattr(task, "apply_async", lambda self, args, **_options: ran.append(args))

    assert publishing.publish_reports(IDS) == 2
    assert ran == [("first", 0, None), ("second", 1, None)]
