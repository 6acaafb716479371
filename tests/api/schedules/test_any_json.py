"""Whatever JSON somebody sends, it is answered as the contract says, and refused whole or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from django_report_scheduling.api.schedules.serializers import ReportScheduleSerializer
from django_report_scheduling.models import AuditEvent, ReportSchedule
from tests.factories import ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

URL = "/api/v1/report-schedules/"
FIELDS = [*ReportScheduleSerializer.Meta.fields]
LIKELY = st.sampled_from([
    "", " ", "UTC", "Europe/Berlin", "Mars/Olympus", "../etc/passwd", "08:00", "24:00", "08:00+02:00", "23:59:60",
    "2026-03-02T08:00:00Z", "2026-03-02T08:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "daily", "weekly", "custom", "monthly", "sample", "json", "pdf",
    "FREQ=DAILY", "FREQ=SECONDLY", "FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2", "a@b, c@d", "a@customer.example",
    "x" * 5000, "\n", "\u2028", "\x7f", "=1+1", "\U0010ffff",
    0, 1, -1, 28, 10**40 - 1, -(10**39), 2**31, 2**63, 1.5, 1e308, True, False, None, [], {}, [[]], [None], [{}],
    ["a@customer.example"] * 60, ["json"] * 11, ["json"], ["a@b, c@d"], {"rows": 3}, {"rows": "x"}, {"": None},
    {str(number): number for number in range(101)},
])  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-(10**39), 10**39) | st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
ANY = LIKELY | st.recursive(
    SCALARS | TEXT, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=8
)
CHANGES = st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=4)
PATIENT = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def nested(depth: int) -> Any:
    value: Any = []
    for _level in range(depth):
        value = [value]
    return value


def rows() -> list[Any]:
    return [*ReportSchedule.objects.order_by("pk").values(), *AuditEvent.objects.order_by("pk").values()]


def refused_whole(response: Any, before: list[Any]) -> None:
    assert response["Content-Type"] == "application/json"
    assert set(response.json()) in ({"detail", "code"}, {"detail", "code", "errors"})
    assert rows() == before


@PATIENT
@given(change=CHANGES)
@example(change={"day_of_month": 10**40 - 1, "frequency": "monthly", "day_of_week": None})
@example(change={"recipients": ["a@customer.example"] * 10_000})
@example(change={"recipients": ["a@b, c@d"]})
@example(change={"parameters": nested(300)})
@example(change={"parameters": {"rows": nested(300)}})
@example(change={"account": nested(300)})
@example(change={"starts_at": "9999-12-31T23:59:59Z"})
@example(change={"starts_at": "0001-01-01T00:00:00Z"})
@example(change={"ends_at": "9999-12-31T23:59:59Z", "starts_at": "9999-12-30T00:00:00Z"})
def test_a_new_schedule(api: APIClient, body: dict[str, Any], change: dict[str, Any]) -> None:
    ReportSchedule.objects.all().delete()
    before = rows()

    response = api.post(URL, {**body, **change}, format="json")

    assert response.status_code in {201, 400}, response.content
    if response.status_code == 400:
        refused_whole(response, before)
    else:
        assert api.get(response["Location"]).json() == response.json()


@PATIENT
@given(change=CHANGES)
@example(change={"starts_at": "9999-12-31T23:59:59Z"})
@example(change={"starts_at": "0001-01-01T00:00:00Z"})
@example(change={"timezone": "Etc/GMT+12", "starts_at": "0001-01-01T00:00:00Z"})
def test_a_changed_schedule(api: APIClient, account: Any, change: dict[str, Any]) -> None:
    schedule = ReportScheduleFactory(account=account)
    before = rows()

    response = api.patch(f"{URL}{schedule.pk}/", change, format="json")

    assert response.status_code in {200, 400}, response.content
    if response.status_code == 400:
        refused_whole(response, before)
    else:
        assert api.get(f"{URL}{schedule.pk}/").json() == response.json()


@PATIENT
@given(value=ANY)
def test_a_body_that_is_no_schedule_at_all(api: APIClient, value: Any) -> None:
    before = rows()

    response = (
        api.post(URL, value, format="json")
        if value is not None
        else api.generic("POST", URL, "null", "application/json")
    )

    assert response.status_code == 400, response.content
    refused_whole(response, before)


@pytest.mark.parametrize("depth", [100, 500, 800, 900, 950, 980, 1_000, 20_000])
@pytest.mark.parametrize("field", ["parameters", "name", "account", "recipients", "nonsense"])
def test_whatever_depth_a_body_has(api: APIClient, account: Any, depth: int, field: str) -> None:
    """Deep enough to be read, and perhaps too deep for whatever looks at it next."""
    schedule = ReportScheduleFactory(account=account)
    before = rows()
    for opening, closing in (("[", "]"), ('{"rows":', "}")):
        content = f'{{"{field}":{opening * depth}1{closing * depth}}}'

        response = api.generic("PATCH", f"{URL}{schedule.pk}/", content, "application/json")

        assert response.status_code == 400
        refused_whole(response, before)
