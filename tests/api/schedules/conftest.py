"""One account, and somebody who manages it."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from django_report_scheduling.models import AbstractAccount
from tests.api.callers import calling, manager_of
from tests.factories import AccountFactory


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
def body(account: AbstractAccount) -> dict[str, Any]:
    """A schedule that is set up without complaint."""
    return {
        "account": str(account.pk),
        "name": "Weekly",
        "report_type": "sample",
        "parameters": {"rows": 3},
        "formats": ["json"],
        "frequency": "weekly",
        "day_of_week": 0,
        "time_of_day": "08:00",
        "timezone": "Europe/Berlin",
        "recipients": ["client@customer.example"],
    }
