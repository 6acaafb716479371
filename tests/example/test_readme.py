"""What the README shows works as shown."""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import types
from typing import Any

import pytest

from django_report_scheduling.choices import Trigger
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.reports import registry
from django_report_scheduling.services.documents import build_document
from django_report_scheduling.services.generation import render_to
from django_report_scheduling.services.report_requests import run_now
from tests.example.conftest import ROOT

pytestmark = pytest.mark.django_db


def block(name: str) -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^```python {re.escape(name)}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no block {name}"
    return found[1]


def run(name: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    module = types.ModuleType(f"readme_{name.removesuffix('.py')}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(block(name), f"README.md: {name}", "exec"), module.__dict__)  # noqa: S102  # that is the point
    return module


def test_the_report_type_and_the_schedule(now: dt.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    with registry.temporarily():
        run("reports.py", monkeypatch)
        schedule = run("schedule.py", monkeypatch).schedule
        report = run_now(schedule=schedule, actor=None, now=now, trigger=Trigger.MANUAL)
        output = io.BytesIO()
        render_to(build_document(report, now=now), format_name="csv", output=output)

    assert ReportSchedule.objects.get().next_run_at == schedule.next_run_at
    assert b"Chair" in output.getvalue()


def test_the_report_type_is_short() -> None:
    assert len(block("reports.py").splitlines()) <= 30


def test_every_file_that_the_readme_links_to_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\((?!https?:)([^)#]+)\)", text))
    assert {link for link in links if not (ROOT / link).exists()} == set()
