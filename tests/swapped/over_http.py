"""The API of a host whose accounts have integer keys, in a process of its own: each way an account's key comes in."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  # after setup
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from django_report_scheduling.access.roles import grant  # noqa: E402
from django_report_scheduling.accounts import get_account_model  # noqa: E402
from django_report_scheduling.choices import Role  # noqa: E402

HUGE = 10**39

call_command("migrate", verbosity=0)
own, foreign = (
    get_account_model()._default_manager.create(name=name, slug=name, customer_number=name)
    for name in ("own", "foreign")
)
manager = get_user_model().objects.create_user("manager")
grant(account=own, holder=manager, role=Role.ACCOUNT_MANAGER)
client = Client(headers={"host": "localhost"})
client.force_login(manager, backend="django.contrib.auth.backends.ModelBackend")


def answer(method: str, path: str, body: Any = None) -> tuple[int, Any]:
    response = getattr(client, method)(f"/api/v1/{path}", body, content_type="application/json")
    return response.status_code, response.json() if response.content else None


def listed(query: str) -> int:
    status, page = answer("get", f"report-schedules/?{query}")
    assert status == 200, page
    return len(page["results"])


BODY = {"name": "Daily", "report_type": "sample", "frequency": "daily", "time_of_day": "08:00", "formats": ["json"]}

status, accounts = answer("get", "accounts/")
assert status == 200, accounts
assert [(row["id"], row["role"]) for row in accounts["results"]] == [(str(own.pk), "account_manager")]

status, made = answer("post", "report-schedules/", {**BODY, "account": str(own.pk)})
assert status == 201, made
assert made["account"] == str(own.pk)
assert answer("post", "report-schedules/", {**BODY, "account": own.pk})[0] == 201
refusals = [
    answer("post", "report-schedules/", {**BODY, "account": key})
    for key in (foreign.pk, str(foreign.pk), 999, HUGE, str(HUGE), -HUGE, "x", True, None, 1.0, [own.pk])
]
assert {status for status, _body in refusals} == {400}, refusals
assert {tuple(body["errors"]) for _status, body in refusals} == {("account",)}, refusals

schedule = f"report-schedules/{made['id']}/"
assert answer("patch", schedule, {"account": own.pk, "name": "New"})[0] == 200
for key in (foreign.pk, HUGE, "x", True):
    assert answer("patch", schedule, {"account": key})[0] == 400, key

assert [listed(f"account={key}") for key in (own.pk, foreign.pk, 999)] == [2, 0, 0]
for key in (HUGE, -HUGE, "x"):
    assert answer("get", f"report-schedules/?account={key}")[0] == 400, key
for position, found in ((str(own.pk + 1), 200), (str(HUGE), 404), ("x", 404)):
    cursor = b64encode(f"p={position}".encode()).decode()
    assert answer("get", f"accounts/?{urlencode({'cursor': cursor})}")[0] == found, position
assert answer("delete", schedule) == (204, None)
print("answered")  # noqa: T201  # read by the test
