"""Celery app, broker and workers."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery, _state
from celery.app import app_or_default
from celery.contrib.testing.worker import start_worker
from celery.worker.control import Panel

from django_report_scheduling.observability.doctor import Status, examine
from django_report_scheduling.observability.doctor.probes import worker
from django_report_scheduling.observability.doctor.probes.broker import BrokerProbe
from django_report_scheduling.observability.doctor.probes.celery_app import CeleryAppProbe, celery_command
from django_report_scheduling.observability.doctor.probes.worker import TASKS, WorkerProbe
from tests.observability.celery_hosts import celery_host

PATIENCE = 60
"""Seconds for a worker to come up on a busy machine."""


@pytest.fixture
def no_app() -> Iterator[None]:
    """A process in which no Celery app was ever made."""
    before, default = app_or_default(), _state.default_app
    _state._tls.current_app = None
    _state.set_default_app(None)
    yield
    _state.set_default_app(default)
    before.set_current()


@pytest.fixture
def filesystem(tmp_path: Path) -> Iterator[Celery]:
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    folders = {"data_folder_in": str(tmp_path / "queue"), "data_folder_out": str(tmp_path / "queue")}
    options = {**folders, "control_folder": str(tmp_path / "control"), "polling_interval": 0.05}
    transport = "django_report_scheduling.contrib.filesystem_broker:Transport"
    with celery_host("filesystem://", broker_transport=transport, broker_transport_options=options) as app:
        yield app


@pytest.fixture
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Answers:
    """Workers, by what they would answer to Celery's remote control."""

    def __init__(self, queues: dict[str, list[str]], tasks: tuple[str, ...] = TASKS) -> None:
        self._queues, self._tasks = queues, tasks

    def active_queues(self) -> dict[str, Any] | None:
        return {name: [{"name": queue} for queue in queues] for name, queues in self._queues.items()} or None

    def registered(self) -> dict[str, list[str]]:
        return {name: [f"{task} [rate_limit=1/s]" for task in self._tasks] for name in self._queues}


def test_a_project_without_a_celery_app_is_told_how_to_make_one(finding, no_app):
    seen = finding(CeleryAppProbe())
    assert seen.status == Status.FAIL
    assert "celery.py" in seen.fix
    assert celery_command("beat") == "celery -A your_project beat"


def test_an_app_that_every_thread_finds_is_fine(finding, celery):
    assert finding(CeleryAppProbe()).message == "The Celery app “host” is used."


def test_an_app_that_other_threads_do_not_find_is_a_warning(finding, celery):
    _state.set_default_app(None)
    seen = finding(CeleryAppProbe())
    assert seen.status == Status.WARN
    assert "app.set_default()" in seen.fix


def test_a_broker_that_gives_a_message_back_is_fine(finding, filesystem):
    assert finding(BrokerProbe()).message == "filesystem://localhost// took a message and gave it back."


def test_nothing_is_left_behind(finding, filesystem, tmp_path: Path):
    finding(BrokerProbe())
    assert list((tmp_path / "queue").iterdir()) == []


def test_a_broker_inside_the_process_reaches_no_worker(finding, celery):
    seen = finding(BrokerProbe())
    assert seen.status == Status.FAIL
    assert "no worker can hear it" in seen.message


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_down_has_failed_and_its_password_is_not_shown(finding, scheme: str):
    with celery_host(f"{scheme}://user:canary-password@127.0.0.1:{closed_port()}/"):
        seen = finding(BrokerProbe(seconds=4))
    assert seen.status == Status.FAIL
    assert seen.message.startswith(f"{scheme}://127.0.0.1:")
    assert "canary" not in seen.message
    assert "CELERY_BROKER_URL" in seen.fix


def test_a_broker_that_hangs_does_not_hang_the_doctor(finding, silent_server: int):
    with celery_host(f"redis://127.0.0.1:{silent_server}/"):
        seen = finding(BrokerProbe(seconds=0.5))
    assert seen.status == Status.FAIL


def test_a_broker_that_loses_messages_has_failed(finding, filesystem, monkeypatch):
    monkeypatch.setattr(
        "django_report_scheduling.contrib.filesystem_broker.Channel._put", lambda *_args, **_kwargs: None
    )
    assert "took a message but did not give it back" in finding(BrokerProbe(seconds=0.4)).message


def test_tasks_that_run_at_once_need_no_broker(celery):
    celery.conf.task_always_eager = True
    broker, workers = examine([BrokerProbe(), WorkerProbe()])
    assert (broker.status, workers.status) == (Status.WARN, Status.SKIP)
    assert "CELERY_TASK_ALWAYS_EAGER" in broker.fix


def test_no_worker_at_all_has_failed(finding, filesystem):
    seen = finding(WorkerProbe(seconds=0.3))
    assert seen.status == Status.FAIL
    assert seen.fix == "Start one: celery -A host worker -l info"


def test_the_fix_names_the_queues_that_are_used(finding, filesystem, settings):
    settings.REPORT_SCHEDULING = {"QUEUES": {"report_scheduling.generate_report": "heavy"}}
    assert finding(WorkerProbe(seconds=0.3)).fix.endswith(" -Q celery,heavy")


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """A worker in this process sets the level of the root logger, and would leave it so for all later tests."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.mark.django_db(transaction=True)  # a worker runs the checks, and those of Django 6.1 ask the database
@pytest.mark.usefixtures("logging_as_it_was")
def test_a_real_worker_answers(finding, filesystem):
    assert Panel.data  # the worker's side of the remote control is loaded
    with start_worker(filesystem, perform_ping_check=False):
        deadline = time.monotonic() + PATIENCE
        # The worker says that it is ready before it hears remote control.
        while (seen := finding(WorkerProbe(seconds=2))).status != Status.OK and time.monotonic() < deadline:
            pass
    assert seen.status == Status.OK, seen
    assert "listens on every queue that is used" in seen.message


def test_workers_on_other_queues_have_failed(finding, filesystem, monkeypatch, settings):
    settings.REPORT_SCHEDULING = {"QUEUES": {"report_scheduling.generate_report": "heavy"}}
    monkeypatch.setattr(filesystem.control, "inspect", lambda **_kwargs: Answers({"w1": ["celery"], "w2": ["mail"]}))
    seen = finding(WorkerProbe())
    assert seen.status == Status.FAIL
    assert "No worker listens on heavy, where report_scheduling.generate_report is sent" in seen.message
    assert seen.fix == "Start one: celery -A host worker -l info -Q heavy"


def test_routes_of_the_host_count(finding, filesystem, monkeypatch):
    filesystem.conf.task_routes = {"report_scheduling.*": {"queue": "reports"}}
    monkeypatch.setattr(filesystem.control, "inspect", lambda **_kwargs: Answers({"w1": ["reports"]}))
    assert finding(WorkerProbe()).status == Status.OK


def test_workers_that_do_not_know_the_tasks_have_failed(finding, filesystem, monkeypatch):
    monkeypatch.setattr(filesystem.control, "inspect", lambda **_kwargs: Answers({"w1": ["celery"]}, TASKS[:2]))
    seen = finding(WorkerProbe())
    assert seen.message == f"No worker knows the task {TASKS[2]}, {TASKS[3]}."
    assert "autodiscover_tasks" in seen.fix


def test_where_workers_cannot_be_asked_it_says_what_to_look_at(finding, filesystem, monkeypatch):
    monkeypatch.setattr(worker, "_can_ask", lambda _app: False)
    seen = finding(WorkerProbe())
    assert seen.status == Status.WARN
    assert "beat" in seen.fix


def test_no_thread_of_a_finished_probe_is_waited_for():
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "doctor")


def test_a_client_library_that_is_missing_is_named_with_celery_s_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_arguments: Any) -> None:
        raise ModuleNotFoundError("No module named 'redis'")

    monkeypatch.setattr("django_report_scheduling.observability.doctor.probes.broker.within", missing)
    with celery_host("memory://"):
        (finding,) = BrokerProbe().run()

    assert finding.status == Status.FAIL
    assert 'pip install "celery[redis]"' in finding.fix
