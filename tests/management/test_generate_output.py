"""``generate --output FILE`` writes one file and nothing else."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.core.management.base import CommandError

from django_report_scheduling.models import AuditEvent, GeneratedReport
from django_report_scheduling.reports import registry
from tests.extras import needs_xlsx
from tests.extras_at_hand import XLSX
from tests.sample_report import SampleReport

SLOT = "2026-03-02T08:00"


class BrokenReport(SampleReport):
    key = "broken"

    def query(self, request):
        raise RuntimeError("row 17 holds a secret")


@pytest.mark.parametrize("extension", ["json", "csv", "html", "pdf", pytest.param("xlsx", marks=needs_xlsx)])
def test_the_extension_names_the_format(run, schedule, tmp_path: Path, extension: str):
    file = tmp_path / f"report.{extension.upper()}"
    assert (
        run("generate", schedule.pk, "--slot", SLOT, "--output", file).out == f"{file}  {file.stat().st_size} bytes\n"
    )
    content = file.read_bytes()
    if extension == "json":
        assert json.loads(content)["metrics"] == {"rows": 2}
    elif extension == "csv":
        assert ["Row 1", "1"] in [row[-2:] for row in csv.reader(content.decode("utf-8-sig").splitlines())]
    else:
        assert content.lower().startswith({"html": b"<!doctype html", "pdf": b"%pdf-", "xlsx": b"pk"}[extension])


def test_a_format_whose_extra_is_missing_names_it(run, schedule, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if XLSX:
        monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(CommandError, match=r"render_failed: .*pip install 'django-report-scheduling\[xlsx\]'"):
        run("generate", schedule.pk, "--output", tmp_path / "report.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_stored_sent_or_written_down(run, schedule, tmp_path: Path, report_storage):
    run("generate", schedule.pk, "--output", tmp_path / "report.json")
    assert not GeneratedReport.objects.exists()
    assert not AuditEvent.objects.exists()
    assert report_storage.listdir("") == ([], [])
    assert mail.outbox == []
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_an_existing_file_is_replaced(run, schedule, tmp_path: Path):
    file = tmp_path / "report.json"
    file.write_text("old")
    run("generate", schedule.pk, "--output", file)
    assert file.read_bytes().startswith(b"{")


def test_a_report_that_fails_leaves_the_existing_file_as_it_was(run, schedule, tmp_path: Path):
    file = tmp_path / "report.json"
    file.write_text("old")
    schedule.report_type = "broken"
    schedule.save()
    with registry.temporarily(BrokenReport), pytest.raises(CommandError, match=r"query_failed: .*broken") as failed:
        run("generate", schedule.pk, "--output", file)
    assert "secret" not in str(failed.value)
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_an_unknown_report_type_is_named(run, schedule, tmp_path: Path):
    schedule.report_type = "gone"
    schedule.save()
    with pytest.raises(CommandError, match="unknown_report_type: No report type is registered under 'gone'"):
        run("generate", schedule.pk, "--output", tmp_path / "report.json")


@pytest.mark.parametrize("name", ["report", "report.docx", ".pdf"])
def test_an_extension_without_a_renderer_lists_the_known_ones(run, schedule, tmp_path: Path, name: str):
    with pytest.raises(CommandError, match=r"must end in one of .csv, .html, .json, .pdf, .xlsx"):
        run("generate", schedule.pk, "--output", tmp_path / name)


def test_an_alias_with_another_extension_is_found_by_either(run, schedule, tmp_path: Path, settings):
    backend = {"BACKEND": "django_report_scheduling.rendering.json.JsonRenderer"}
    settings.REPORT_SCHEDULING = {"RENDERERS": {"machine": backend}}
    for name in ("report.json", "report.machine"):
        run("generate", schedule.pk, "--output", tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(b"{")


def test_a_missing_folder_is_refused_before_the_query_runs(run, schedule, tmp_path: Path):
    schedule.report_type = "broken"
    schedule.save()
    with registry.temporarily(BrokenReport), pytest.raises(CommandError, match="Cannot write to the folder"):
        run("generate", schedule.pk, "--output", tmp_path / "missing" / "report.json")


def test_a_folder_is_not_a_file(run, schedule, tmp_path: Path):
    (tmp_path / "report.json").mkdir()
    with pytest.raises(CommandError, match="is a folder; name a file in it"):
        run("generate", schedule.pk, "--output", tmp_path / "report.json")


def test_progress_is_shown_on_a_terminal(run, schedule, tmp_path: Path):
    shown = run("generate", schedule.pk, "--output", tmp_path / "report.json", terminal=True).err
    assert "running the query …" in shown
    assert "rendering json …" in shown
