"""The limit of an account holds against forty requests at the same moment, each with a connection of its own."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from pytest_django.live_server_helper import LiveServer

from django_report_scheduling.access.roles import grant
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AuditEvent, ReportSchedule
from tests.api.matrix.table import BODY_OF_A_SCHEDULE
from tests.factories import AccountFactory
from tests.sample_report import SampleReport

REQUESTS = 40
LIMIT = 10
HEADERS = {"Authorization": f"Basic {b64encode(b'manager:secret').decode()}", "Content-Type": "application/json"}


@contextmanager
def connected(url: str) -> Iterator[list[HTTPConnection]]:
    """Connect before the race: a server takes in only so many who knock at the same moment."""
    connections = [HTTPConnection(urlsplit(url).netloc, timeout=120) for _number in range(REQUESTS)]
    for connection in connections:
        connection.connect()
    yield connections
    for connection in connections:
        connection.close()


@pytest.mark.slow
def test_of_forty_creations_at_once_ten_succeed_and_the_others_are_told_why(
    live_server: LiveServer, transactional_db: None, sample_report: type[SampleReport]
) -> None:
    account = AccountFactory()
    manager = get_user_model().objects.create_user("manager", password="secret")
    grant(account=account, holder=manager, role=Role.ACCOUNT_MANAGER)
    start = Barrier(REQUESTS)

    def create(connection: HTTPConnection) -> tuple[int, str]:
        body: dict[str, Any] = {**BODY_OF_A_SCHEDULE, "account": str(account.pk)}
        start.wait(timeout=60)
        connection.request("POST", "/api/v1/report-schedules/", json.dumps(body), HEADERS)
        with closing(connection.getresponse()) as response:
            return response.status, json.load(response).get("code", "")

    with connected(live_server.url) as connections, ThreadPoolExecutor(max_workers=REQUESTS) as threads:
        answers = Counter(threads.map(create, connections))

    assert answers == {(201, ""): LIMIT, (409, "limit_reached"): REQUESTS - LIMIT}
    assert ReportSchedule.objects.filter(account=account).count() == LIMIT
    assert AuditEvent.objects.filter(verb="schedule.created").count() == LIMIT
