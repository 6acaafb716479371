"""What plug-ins inherit from is imported and used without ``django.setup()``, and brings no heavy library along."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("celery", "kombu", "weasyprint", "guardian", "rest_framework", "xlsxwriter", "dateutil.tz", "boto3")


def run(program: str) -> str:
    """Run a program in a fresh interpreter, without any settings; returns what it prints."""
    result = subprocess.run(  # our own program
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize(
    "floor", ["reports", "recurrence", "rendering", "delivery", "delivery.email", "period", "plugins"]
)
def test_a_floor_is_imported_without_settings(floor: str) -> None:
    program = (
        f"import sys, django_report_scheduling.{floor}\n"
        "from django.conf import settings; from django.apps import apps\n"
        "assert not settings.configured and not apps.ready\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )

    assert run(program) == "[]\n"


def test_a_report_type_is_written_and_queried_without_settings() -> None:
    program = """
import datetime as dt
from django_report_scheduling.period import Period
from django_report_scheduling.reports import *
day = lambda number: dt.datetime(2026, 3, number, tzinfo=dt.UTC)
class Own(Report[Parameters]):
    key, title = "own", "Own"
    def query(self, request):
        return ReportContent(metrics={"days": (request.period.end - request.period.start).days})
registry.register(Own)
request = ReportRequest(
    account=AccountProfile(id="1", slug="a", name="A"), parameters=Parameters(), generated_at=day(3),
    period=Period(start=day(2), end=day(3)), previous_period=Period(start=day(1), end=day(2)),
)
print(registry.get("own").query(request).metrics)
"""

    assert run(program) == "{'days': 1}\n"


def test_next_slots_are_computed_without_settings() -> None:
    program = """
import datetime as dt
from django_report_scheduling.recurrence import Recurrence, next_slot
rule = Recurrence(frequency="weekly", timezone="Europe/Berlin", time_of_day=dt.time(8), day_of_week=0)
print(next_slot(rule, after=dt.datetime(2026, 3, 1, tzinfo=dt.UTC)).astimezone(dt.UTC).isoformat())
"""

    assert run(program) == "2026-03-02T07:00:00+00:00\n"


def test_parameters_are_parsed_with_bare_settings() -> None:
    program = """
from django.conf import settings
settings.configure(USE_I18N=False)
from dataclasses import dataclass
from django import forms
from django_report_scheduling.reports import Parameters, parameter
from django_report_scheduling.exceptions import InvalidParameters
@dataclass(frozen=True, kw_only=True)
class Own(Parameters):
    rows: int = parameter(forms.IntegerField(max_value=5), default=1)
print(Own.parse({"rows": "3"}).as_json())
try:
    Own.parse({"rows": 6})
except InvalidParameters as error:
    print(error)
"""

    assert run(program).splitlines() == ["{'rows': 3}", "rows: Ensure this value is less than or equal to 5."]


def test_a_document_is_rendered_with_bare_settings() -> None:
    program = """
import datetime as dt, io, json
from django.conf import settings
settings.configure()
from django_report_scheduling.period import Period
from django_report_scheduling.rendering import Document, renderers
from django_report_scheduling.reports import AccountProfile, ReportContent
day = lambda number: dt.datetime(2026, 3, number, tzinfo=dt.UTC)
document = Document(
    report_type="own", title="Own", account=AccountProfile(id="1", slug="a", name="A"), parameters={},
    period=Period(start=day(2), end=day(3)), content=ReportContent(metrics={"hits": 3}), generated_at=day(3),
)
output = io.BytesIO()
renderers["json"].render(document, output)
print(json.loads(output.getvalue())["metrics"])
"""

    assert run(program) == "{'hits': 3}\n"
