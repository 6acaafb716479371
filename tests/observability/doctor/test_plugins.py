"""Settings, channels, renderers, fonts and report types."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage, Error

import django_report_scheduling.checks  # noqa: F401  # registers them
from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.observability.doctor import Status, examine
from django_report_scheduling.observability.doctor.probes import settings as settings_probe
from django_report_scheduling.observability.doctor.probes.channels import ChannelsProbe
from django_report_scheduling.observability.doctor.probes.fonts import FontsProbe, Script
from django_report_scheduling.observability.doctor.probes.pdf import PdfProbe
from django_report_scheduling.observability.doctor.probes.renderers import RenderersProbe
from django_report_scheduling.observability.doctor.probes.report_types import ReportTypesProbe
from django_report_scheduling.observability.doctor.probes.settings import SettingsProbe
from django_report_scheduling.rendering import Document, pdf
from django_report_scheduling.rendering.json import JsonRenderer
from django_report_scheduling.reports import registry
from tests.checks.test_plugins import WorriedChannel, WorriedReport
from tests.extras import needs_xlsx
from tests.extras_at_hand import XLSX

PDF = {"BACKEND": "django_report_scheduling.rendering.pdf.PdfRenderer"}
ROOT = Path(__file__).resolve().parents[3]


class EmptyRenderer(JsonRenderer):
    def render(self, document: Document, output: Any) -> None:
        """Write nothing."""


class RaisingRenderer(JsonRenderer):
    def render(self, document: Document, output: Any) -> None:
        raise RuntimeError("no ink")


class CheckedRenderer(RaisingRenderer):
    def check(self) -> list[CheckMessage]:
        return [Error("Pango is missing.", hint="Run: apt-get install pango", id="host.E001")]


def with_renderer(settings: Any, name: str) -> None:
    settings.REPORT_SCHEDULING = {"RENDERERS": {"mine": {"BACKEND": f"{__name__}.{name}"}}}


def test_sound_settings_are_fine(finding, settings):
    settings.STORAGES = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    settings.REPORT_SCHEDULING = {"BASE_URL": "https://reports.example.org"}
    assert finding(SettingsProbe()).status == Status.OK


def test_wrong_settings_have_failed_and_those_for_production_count(settings):
    settings.STORAGES = {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    settings.REPORT_SCHEDULING = {"LEASES": 1}
    wrong, missing = examine([SettingsProbe()])
    assert (wrong.status, missing.status) == (Status.FAIL, Status.WARN)
    assert wrong.message.endswith("(report_scheduling.E002)")
    assert "BASE_URL" in missing.fix


def test_checks_that_nobody_registered_have_failed(finding, monkeypatch):
    monkeypatch.setattr(settings_probe, "SETTINGS_CHECKS_TAG", "nothing_has_this_tag")
    assert "not registered" in finding(SettingsProbe()).message


def test_channels_that_are_ready_are_fine():
    assert [each.message for each in examine([ChannelsProbe()])] == ["“email” is ready.", "“webhook” is ready."]


def test_a_channel_that_cannot_be_loaded_has_failed(finding, settings):
    settings.REPORT_SCHEDULING = {"CHANNELS": {"mine": {"BACKEND": "host.missing.Channel"}}}
    seen = finding(ChannelsProbe())
    assert seen.status == Status.FAIL
    assert seen.fix == 'Correct REPORT_SCHEDULING["CHANNELS"]["mine"].'


def test_what_a_channel_finds_itself_is_passed_on(finding, settings):
    path = f"{WorriedChannel.__module__}.{WorriedChannel.__qualname__}"
    settings.REPORT_SCHEDULING = {"CHANNELS": {"mine": {"BACKEND": path}}}
    seen = finding(ChannelsProbe())
    assert (seen.status, seen.message) == (Status.WARN, "The channel is worried. (host.W002)")
    assert seen.fix


@needs_xlsx
def test_every_renderer_of_ours_makes_a_file():
    findings = list(examine([RenderersProbe()]))
    assert len(findings) == 4
    assert {finding.status for finding in findings} == {Status.OK}


def test_a_renderer_of_ours_whose_extra_is_missing_names_it(monkeypatch):
    if XLSX:
        monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    html, xlsx, csv, json = examine([RenderersProbe()])
    assert {html.status, csv.status, json.status} == {Status.OK}
    assert xlsx.status == Status.WARN
    assert "pip install 'django-report-scheduling[xlsx]'" in xlsx.message


def test_a_renderer_that_cannot_be_loaded_has_failed(finding, settings):
    with_renderer(settings, "MissingRenderer")
    assert finding(RenderersProbe()).fix == 'Correct REPORT_SCHEDULING["RENDERERS"]["mine"].'


@pytest.mark.parametrize(
    ("name", "text"), [("EmptyRenderer", "made an empty file"), ("RaisingRenderer", "RuntimeError: no ink")]
)
def test_a_renderer_that_makes_nothing_has_failed(finding, settings, name: str, text: str):
    with_renderer(settings, name)
    seen = finding(RenderersProbe())
    assert seen.status == Status.FAIL
    assert text in seen.message


def test_a_renderer_that_misses_a_library_names_it_and_is_not_tried(finding, settings):
    with_renderer(settings, "CheckedRenderer")
    seen = finding(RenderersProbe())
    assert (seen.message, seen.fix) == ("Pango is missing. (host.E001)", "Run: apt-get install pango")


def test_a_pdf_renderer_without_pango_names_the_packages(settings, monkeypatch):
    def missing() -> None:
        raise RenderError(pdf.MISSING_LIBRARY)

    monkeypatch.setattr(pdf, "_load_engine", missing)
    settings.REPORT_SCHEDULING = {"RENDERERS": {"pdf": PDF}}
    made, fonts = examine([PdfProbe(), FontsProbe()])
    assert made.status == Status.FAIL
    assert "apt-get install libpango" in made.message
    assert (fonts.status, fonts.message) == (Status.SKIP, "Not tried, because of: pdf.")


def test_a_small_pdf_is_made(finding):
    assert finding(PdfProbe()).message.startswith("“pdf” made ")


def test_fonts_for_latin_are_there(finding):
    latin = Script(name="Latin", sample="Añ", debian="fonts-noto-core", brew="font-noto-sans", essential=True)
    assert finding(FontsProbe(scripts=[latin])).message == "Fonts for Latin are there."


@pytest.mark.parametrize(("essential", "status"), [(True, Status.FAIL), (False, Status.WARN)])
def test_a_script_without_a_font_names_the_package(finding, caplog, essential: bool, status: Status):
    nobodys = Script(name="Private", sample="\U0010fffd", debian="fonts-x", brew="font-x", essential=essential)
    seen = finding(FontsProbe(scripts=[nobodys]))
    assert seen.status == status
    assert "apt-get install fonts-x; macOS: brew install --cask font-x" in seen.fix
    assert caplog.records == []


def test_without_pdf_no_fonts_are_needed(finding, settings):
    with_renderer(settings, "EmptyRenderer")
    assert [seen.status for seen in examine([PdfProbe(), FontsProbe()])] == [Status.SKIP, Status.SKIP]


def test_a_renderer_that_cannot_be_loaded_is_not_the_one_for_pdf(finding, settings):
    with_renderer(settings, "MissingRenderer")
    assert finding(PdfProbe()).status == Status.SKIP


def test_a_machine_without_any_font_does_not_kill_the_doctor(finding, tmp_path: Path, monkeypatch):
    nothing = tmp_path / "fonts.conf"
    nothing.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig></fontconfig>')
    monkeypatch.setenv("FONTCONFIG_FILE", str(nothing))
    seen = finding(PdfProbe())
    assert seen.status == Status.FAIL
    assert "Making a PDF ends the process (signal 11)" in seen.message
    assert "fonts-noto-core" in seen.fix


def test_a_machine_with_few_fonts_is_told_what_to_install(tmp_path: Path):
    """In a process of its own: fontconfig reads its configuration once."""
    few = tmp_path / "fonts.conf"
    (tmp_path / "fonts").mkdir()
    dejavu = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"), None)
    if dejavu is None:
        pytest.skip("the font DejaVu Sans is not installed")
    shutil.copy(dejavu, tmp_path / "fonts")
    few.write_text(
        f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>{tmp_path / "fonts"}</dir>'
        f"<cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>"
    )
    code = (
        "import django; django.setup()\n"
        "from django_report_scheduling.observability.doctor.probes.fonts import FontsProbe\n"
        "print(*(f'{f.status} {f.message}' for f in FontsProbe().run()), sep='\\n')"
    )
    environment = {
        **os.environ,
        "FONTCONFIG_FILE": str(few),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "TEST_SCRATCH": str(tmp_path),
    }
    answer = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True
    )
    assert answer.stdout.splitlines() == [
        "warn No font has Chinese, Japanese, Korean: such text is printed as empty boxes.",
        "warn No font has Emoji: such text is printed as empty boxes.",
    ]


def test_registered_report_types_are_listed(finding, sample_report):
    assert "sample" in finding(ReportTypesProbe()).message


def test_what_a_report_type_finds_itself_is_passed_on(finding):
    with registry.temporarily(WorriedReport):
        assert finding(ReportTypesProbe()).message == "The report is worried. (host.W003)"


def test_no_report_type_at_all_has_failed(finding, monkeypatch):
    monkeypatch.setattr(registry, "_reports", {})
    seen = finding(ReportTypesProbe())
    assert seen.status == Status.FAIL
    assert "django_report_scheduling.contrib.web_analytics" in seen.fix
