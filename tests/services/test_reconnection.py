"""What must not be forgotten is written although the connection broke."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection, connections, transaction
from pytest_django import Settings

from django_report_scheduling.models import Heartbeat
from django_report_scheduling.services import reconnection
from django_report_scheduling.services.reconnection import insist
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconnection, "WAITS", (0, 0))


def failing(times: int, error: type[Exception]) -> Callable[[], int]:
    tries: list[int] = []

    def write() -> int:
        tries.append(1)
        if len(tries) <= times:
            raise error
        return len(tries)

    return write


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("times", [0, 1, 2])
def test_it_is_tried_again(error: type[Exception], times: int) -> None:
    assert insist(failing(times, error)) == times + 1


def test_it_does_not_try_for_ever() -> None:
    with pytest.raises(OperationalError):
        insist(failing(3, OperationalError))


def test_a_mistake_is_not_repeated() -> None:
    with pytest.raises(IntegrityError):
        insist(failing(1, IntegrityError))


def test_inside_a_transaction_there_is_no_second_try() -> None:
    with transaction.atomic(), pytest.raises(OperationalError):
        insist(failing(1, OperationalError))


def test_the_connection_that_is_replaced_is_the_one_that_is_written_to(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = []
    connections["elsewhere"] = connection.copy("elsewhere")
    monkeypatch.setattr(connections["elsewhere"], "close", lambda: closed.append("elsewhere"))
    settings.DATABASE_ROUTERS = ["tests.services.elsewhere_router.KeptElsewhere"]

    insist(failing(1, OperationalError))

    del connections["elsewhere"]
    assert closed == ["elsewhere"]


def test_a_connection_that_the_server_cut_is_replaced() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Only a server can cut a connection.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [backend])
    finally:
        other.close()

    assert insist(lambda: Heartbeat.objects.create(name="here", at=NOW)).name == "here"
