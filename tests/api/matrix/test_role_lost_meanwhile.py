"""Who loses the role after the view has let them in, and before anything is written, writes nothing: attack 094."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from django_report_scheduling.access.roles import revoke
from django_report_scheduling.api.calendar_feeds import views as calendar_views
from django_report_scheduling.api.recipients import views as recipient_views
from django_report_scheduling.api.reports import actions as report_actions
from django_report_scheduling.api.schedules import actions, views
from django_report_scheduling.api.webhooks import actions as webhook_actions
from django_report_scheduling.api.webhooks import views as webhook_views
from django_report_scheduling.services.clock import database_now
from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import body_for
from tests.api.matrix.table import LINES, Line
from tests.api.world.contents import contents
from tests.api.world.people import Standing
from tests.api.world.world import World

WRITING = [
    line
    for line in LINES
    if line.method != "GET" and line.statuses[Standing.MANAGER] < 300 and line.row != "own"  # that takes no role
]


def rows() -> dict[str, list[dict[str, Any]]]:
    """Everything that is stored but the roles."""
    return {name: stored for name, stored in contents().items() if name != "AccountUserPermission"}


@pytest.mark.parametrize("line", WRITING, ids=str)
def test_attack_094_a_role_that_is_lost_meanwhile_is_missed_by_the_service(
    line: Line, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def time_passes() -> dt.datetime:
        revoke(account=world.alpha.account, holder=world.user("manager"))
        return database_now()

    for module in (
        views,
        actions,
        report_actions,
        webhook_views,
        webhook_actions,
        calendar_views,
        recipient_views,
    ):  # each asks for the time after it has let somebody in
        monkeypatch.setattr(module, "database_now", time_passes)
    endpoint, before = ENDPOINTS[line.endpoint], rows()
    path = endpoint.paths(world.alpha.row(line.row).pk if endpoint.is_detail else "")[1]
    body = body_for(line, world.alpha)

    answer = world.browser("manager").generic(line.method, path, json.dumps(body or {}), "application/json")

    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert rows() == before
