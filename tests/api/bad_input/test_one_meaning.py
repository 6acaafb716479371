"""A request means what its method and its path say, whatever else it holds: attack 090."""

from __future__ import annotations

import pytest
from django.test import Client

from django_report_scheduling.models import ReportSchedule
from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.world.contents import contents
from tests.api.world.world import World

OVERRIDES = pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])


@OVERRIDES
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "HEAD"])
def test_attack_090_a_header_does_not_turn_reading_into_deleting(
    header: str, method: str, manager: Client, world: World
) -> None:
    before = contents()
    path = ENDPOINTS["report-schedule-detail"].paths(world.alpha.schedule.pk)[1]

    answer = manager.generic(method, path, headers={header: "DELETE"})

    assert answer.status_code in {200, 204}
    assert contents() == before


@OVERRIDES
@pytest.mark.parametrize("method", ["DELETE", "PATCH", "PUT", "GET"])
def test_attack_090_a_header_does_not_turn_a_post_into_another_method(
    header: str, method: str, manager: Client, world: World
) -> None:
    before = contents()
    path = ENDPOINTS["report-schedule-detail"].paths(world.alpha.schedule.pk)[1]

    answer = manager.generic("POST", path, b'{"name": "Changed"}', "application/json", headers={header: method})

    assert answer.status_code == 405
    assert contents() == before


@pytest.mark.parametrize("row", ["schedule", "paused"])
@pytest.mark.parametrize("field", ["_method", "_HttpMethod", "method_override"])
def test_attack_090_a_field_or_parameter_does_not_name_a_method(
    field: str, row: str, manager: Client, world: World
) -> None:
    before = contents()
    path = ENDPOINTS["report-schedule-detail"].paths(world.alpha.row(row).pk)[1]

    in_body = manager.patch(path, {field: "DELETE"}, content_type="application/json")
    in_query = manager.get(path, {field: "DELETE"})

    assert [list(answer.json()["errors"]) for answer in (in_body, in_query)] == [[field], [field]]
    assert contents() == before


@pytest.mark.parametrize("other", ["alpha", "bravo"])
def test_attack_090_the_id_in_the_path_counts_and_not_that_in_the_body(
    other: str, manager: Client, world: World
) -> None:
    path = ENDPOINTS["report-schedule-detail"].paths(world.alpha.schedule.pk)[1]
    body = {"id": str(world.holdings(other).paused.pk), "name": "Renamed"}

    answer = manager.patch(path, body, content_type="application/json")

    assert (answer.status_code, answer.json()["id"]) == (200, str(world.alpha.schedule.pk))
    assert list(ReportSchedule.objects.filter(name="Renamed")) == [world.alpha.schedule]
