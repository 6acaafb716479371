"""An account with a schedule, and somebody who manages it."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from django_report_scheduling.models import AbstractAccount, ReportSchedule
from tests.api.callers import calling, manager_of
from tests.factories import AccountFactory, ReportScheduleFactory


@pytest.fixture
def account() -> AbstractAccount:
    return AccountFactory()


@pytest.fixture
def manager(account: AbstractAccount) -> Any:
    return manager_of(account)


@pytest.fixture
def api(manager: Any) -> APIClient:
    """The API as the manager calls it."""
    return calling(manager)


@pytest.fixture
def schedule(account: AbstractAccount) -> ReportSchedule:
    return ReportScheduleFactory(account=account)
