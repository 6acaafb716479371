"""While a person waits, a broker that does not answer is not waited for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery

from django_report_scheduling.services.messages import Message
from django_report_scheduling.tasks import broker, publishing
from django_report_scheduling.tasks.broker import BRIEF, PATIENT, Patience
from tests.celery_app import app
from tests.tasks.silent_server import SilentServer, silent_server

SCHEMES = ("redis", "amqp")
SHORT = Patience(answer=0.3, retry_within=0.1, over_host=True)
"""As ``BRIEF``, for tests that have to wait until it is over."""


@pytest.fixture
def server() -> Iterator[SilentServer]:
    with silent_server() as server:
        yield server


@pytest.fixture(params=SCHEMES)
def host(request: pytest.FixtureRequest, server: SilentServer) -> Iterator[Celery]:
    """A Celery app whose broker is silent, and whose own settings would wait for it for ten minutes."""
    host = Celery("silent", broker=f"{request.param}://127.0.0.1:{server.port}//", set_as_current=False)
    patient = {"socket_timeout": 600, "socket_connect_timeout": 600} if request.param == "redis" else {}
    host.conf.update(broker_connection_timeout=600, broker_transport_options={"max_retries": 100, **patient})
    host.set_current()
    yield host
    app.set_current()


def publish(patience: Patience) -> int:
    return publishing.publish_reports([Message("some-id", 0)], patience=patience)


def test_attack_054_a_silent_broker_is_asked_once(
    host: Celery, server: SilentServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert publish(SHORT) == 0
    assert len(server.taken) == 1
    assert "did not take 1 messages" in caplog.text


def test_what_fails_at_once_is_tried_again(host: Celery, server: SilentServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.close()
    tries: list[Patience] = []
    lend = broker.bounded_producer

    def note(patience: Patience) -> Any:
        tries.append(patience)
        return lend(patience)

    monkeypatch.setattr(publishing, "bounded_producer", note)

    assert publish(Patience(answer=0.3, retry_within=60, over_host=True)) == 0
    assert len(tries) == publishing.ATTEMPTS


def test_a_request_waits_for_seconds_and_only_once() -> None:
    assert BRIEF.answer <= 3
    assert BRIEF.retry_within < BRIEF.answer
    assert BRIEF.over_host


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_tick_is_as_patient_as_the_host_has_set(scheme: str) -> None:
    host = Celery("patient", broker=f"{scheme}://127.0.0.1:1//", set_as_current=False)
    host.conf.update(broker_connection_timeout=7, broker_transport_options={"socket_timeout": 33, "max_retries": 5})
    host.set_current()
    try:
        patient, brief = broker._connection(PATIENT), broker._connection(BRIEF)
    finally:
        app.set_current()

    assert (patient.connect_timeout, patient.transport_options["socket_timeout"]) == (7, 33)
    assert patient.transport_options["max_retries"] == 5
    assert (brief.connect_timeout, brief.transport_options["max_retries"]) == (BRIEF.answer, 0)
    assert brief.transport_options["socket_timeout"] == (BRIEF.answer if scheme == "redis" else 33)
