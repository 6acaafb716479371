"""The pages on the HTTP API say what is so, and what they show works as shown."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import types
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import call_command
from django.test import Client, override_settings

from django_report_scheduling.access.roles import grant
from django_report_scheduling.api.errors import STATUSES
from django_report_scheduling.choices import Role, Trigger
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from tests.factories import AccountFactory, ReportScheduleFactory, UserFactory

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
HOW_TO = (DOCS / "how-to" / "api.md").read_text(encoding="utf-8")
REFERENCE = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")


def block(name: str) -> types.ModuleType:
    """The code of the page as a module."""
    found = re.search(rf"^```python {re.escape(name)}\n(.*?)^```$", HOW_TO, re.MULTILINE | re.DOTALL)
    assert found, name
    module = types.ModuleType(f"shown_{name.removesuffix('.py')}")
    exec(compile(found[1], f"api.md: {name}", "exec"), module.__dict__)  # noqa: S102  # that is the point
    return module


@pytest.fixture
def mounted() -> Iterator[None]:
    urls = block("urls.py")
    sys.modules[urls.__name__] = urls
    with override_settings(ROOT_URLCONF=urls.__name__):
        yield
    del sys.modules[urls.__name__]


@pytest.fixture
def schedule(sample_report: object) -> ReportSchedule:
    schedule: ReportSchedule = ReportScheduleFactory()
    manager = UserFactory(username="manager")
    manager.set_password("secret")
    manager.save()
    grant(account=schedule.account, holder=manager, role=Role.ACCOUNT_MANAGER)
    return schedule


def curl(line: str, **variables: object) -> Any:
    """Do what a command line of curl does, as far as the page uses curl."""
    for name, value in variables.items():
        line = line.replace(f"${name}", str(value))
    parser = argparse.ArgumentParser()
    parser.add_argument("-X", dest="method", default="GET")
    parser.add_argument("-u", dest="user")
    parser.add_argument("-H", dest="headers", action="append", default=[])
    parser.add_argument("-L", dest="follow", action="store_true")
    parser.add_argument("-o", dest="output")
    parser.add_argument("url")
    asked = parser.parse_args(shlex.split(line)[1:])
    headers = dict(header.split(": ", maxsplit=1) for header in asked.headers)
    headers["Authorization"] = "Basic " + b64encode(asked.user.encode()).decode()
    url = urlsplit(asked.url)
    return Client().generic(asked.method, f"{url.path}?{url.query}", headers=headers)


def command_lines() -> list[str]:
    consoles = re.findall(r"^```console\n(.*?)^```$", HOW_TO, re.MULTILINE | re.DOTALL)
    lines = "".join(consoles).replace("\\\n", "").splitlines()
    return [line.removeprefix("$ ") for line in lines]


@pytest.mark.django_db
@pytest.mark.usefixtures("mounted")
def test_the_commands_of_the_page_ask_for_a_report_once_and_get_it(schedule: ReportSchedule) -> None:
    run, look, download = (line for line in command_lines() if line.startswith("curl"))

    first, second = curl(run, SCHEDULE=schedule.pk), curl(run, SCHEDULE=schedule.pk)
    assert (first.status_code, second.status_code) == (202, 202)
    report = GeneratedReport.objects.get(trigger=Trigger.MANUAL)
    assert {first.json()["id"], second.json()["id"]} == {str(report.pk)}
    assert urlsplit(look.split()[-1].replace("$REPORT", str(report.pk))).path == urlsplit(first["Location"]).path + "/"
    assert curl(look, REPORT=report.pk).json()["status"] == "pending"
    assert curl(download, REPORT=report.pk).json()["code"] == "wrong_state"


@pytest.mark.django_db
@pytest.mark.usefixtures("mounted")
def test_the_description_is_served_where_the_page_says() -> None:
    described = yaml.safe_load(Client().get("/api/schema/").content)

    assert "/api/v1/report-schedules/" in described["paths"]
    assert Client().get("/api/docs/").status_code == 200


def test_the_command_of_the_page_writes_the_description(tmp_path: Path) -> None:
    (line,) = (line for line in command_lines() if "manage.py" in line)
    _python, _manage, name, *arguments = shlex.split(line.replace("openapi.yaml", str(tmp_path / "openapi.yaml")))

    call_command(name, *arguments)

    assert (tmp_path / "openapi.yaml").read_text().startswith("openapi: ")


def test_the_settings_of_the_page_are_settings_that_exist() -> None:
    from drf_spectacular.settings import SPECTACULAR_DEFAULTS
    from rest_framework.settings import DEFAULTS, APISettings

    shown = block("settings.py")
    assert {*shown.REST_FRAMEWORK} <= {*DEFAULTS}
    assert {*shown.SPECTACULAR_SETTINGS} <= {*SPECTACULAR_DEFAULTS}
    loaded = APISettings(shown.REST_FRAMEWORK)
    assert loaded.DEFAULT_AUTHENTICATION_CLASSES
    assert [throttle.scope for throttle in loaded.DEFAULT_THROTTLE_CLASSES] == [
        *shown.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [(None, 404), (Role.CLIENT, 403), (Role.ACCOUNT_MANAGER, 200)],
    ids=["stranger", "client", "manager"],
)
def test_the_view_of_the_page_keeps_roles_apart(role: Role | None, status: int) -> None:
    from rest_framework.test import APIRequestFactory, force_authenticate

    account, user = AccountFactory(), UserFactory()
    if role is not None:
        grant(account=account, holder=user, role=role)
    request = APIRequestFactory().get("/")
    force_authenticate(request, user)

    answer = block("views.py").ContractView.as_view()(request, pk=account.pk)

    assert answer.status_code == status


def test_the_reference_lists_every_endpoint_and_no_other() -> None:
    document = yaml.safe_load((DOCS / "reference" / "openapi.yaml").read_text(encoding="utf-8"))
    there = {
        f"{method.upper()} {path.removeprefix('/api/v1/')}"
        for path, methods in document["paths"].items()
        for method in methods
    }

    assert set(re.findall(r"^\| `([A-Z]+ \S+)` \|", REFERENCE, re.MULTILINE)) == there


def test_the_reference_lists_every_status_of_the_description() -> None:
    document = (DOCS / "reference" / "openapi.yaml").read_text(encoding="utf-8")
    errors = set(re.findall(r"^ +'([45]\d\d)':$", document, re.MULTILINE)) | {str(code) for code in STATUSES.values()}

    assert errors <= set(re.findall(r"^\| (\d{3}) \|", REFERENCE, re.MULTILINE))


def test_the_reference_states_the_limits_that_hold() -> None:
    from django_report_scheduling.api.fields import MAX_BYTES, MAX_NAMES
    from django_report_scheduling.api.pagination import Pages
    from django_report_scheduling.api.parsers import MAX_BODY, MAX_DEPTH
    from django_report_scheduling.api.query_strings import MAX_QUERY
    from django_report_scheduling.api.schedules.serializers import MAX_FORMATS
    from django_report_scheduling.services.schedule_validation import MAX_RECIPIENTS
    from django_report_scheduling.services.webhooks.pings import MAX_PINGS
    from django_report_scheduling.services.webhooks.replays import MAX_REPLAYS

    assert dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", REFERENCE.partition("## Limits")[2], re.MULTILINE)) == {
        "what": "most",
        "body": f"{MAX_BODY // 1024} KiB",
        "lists and objects within each other": str(MAX_DEPTH),
        "query string": f"{MAX_QUERY} bytes",
        "rows on a page": str(Pages.max_page_size),
        "`recipients`": str(MAX_RECIPIENTS),
        "`formats`": str(MAX_FORMATS),
        "`parameters`": f"{MAX_NAMES} names, {MAX_BYTES // 1024} KiB",
        "schedules of an account": "`MAX_SCHEDULES_PER_ACCOUNT`, 10 unless the host sets it",
        "webhooks of an account": "`WEBHOOK_MAX_PER_ACCOUNT`, 10 unless the host sets it",
        "calendar feeds of one person": "`MAX_CALENDAR_FEEDS_PER_USER`, 20 unless the host sets it",
        "pings of an account": f"{MAX_PINGS} an hour, those after setting up and moving webhooks included",
        "replays of an account": f"{MAX_REPLAYS} an hour",
    }


def test_a_host_with_nothing_but_the_settings_of_the_page_describes_itself(tmp_path: Path) -> None:
    """In a process of its own: Django REST framework reads the class that describes a view when it is imported."""
    urls, settings = (
        re.search(rf"^```python {name}\n(.*?)^```$", HOW_TO, re.MULTILINE | re.DOTALL)
        for name in ("urls.py", "settings.py")
    )
    assert urls
    assert settings
    (tmp_path / "host_urls.py").write_text(urls[1])
    (tmp_path / "host_settings.py").write_text(
        f"""
SECRET_KEY = "only for this test"
USE_TZ = True
ROOT_URLCONF = "host_urls"
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}}
INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes",
    "guardian", "rest_framework", "drf_spectacular", "django_report_scheduling",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"
]
{settings[1]}
"""
    )
    environment = {
        **os.environ,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "host_settings",
    }
    command = [sys.executable, "-m", "django", "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)

    assert done.returncode == 0, done.stderr
