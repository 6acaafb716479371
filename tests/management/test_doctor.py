"""``doctor`` prints what the probes find."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from django.core.management import load_command_class
from django.core.management.base import CommandError

from django_report_scheduling.management.subcommands import doctor
from django_report_scheduling.observability.doctor import Finding, Probe


class Well(Probe):
    part = "well"

    def run(self) -> Iterable[Finding]:
        yield self.ok("Fine.")
        yield self.skip("Not needed.")


class Ill(Probe):
    part = "ill"

    def run(self) -> Iterable[Finding]:
        yield self.warn("It coughs.", fix="Rest.")
        yield self.fail("It burns.", fix="Water.")


class Worse(Ill):
    part = "worse"


@pytest.fixture
def probes(monkeypatch):
    return lambda *probes: monkeypatch.setattr(doctor, "PROBES", probes)


def test_each_finding_is_a_line_with_the_fix_below(run, probes, capsys):
    probes(Well)
    assert run("doctor").lines == ["OK    well           Fine.", "SKIP  well           Not needed."]


@pytest.mark.parametrize(
    ("ill", "message"), [((Ill,), "1 part does not work: ill."), ((Ill, Worse), "2 parts do not work: ill, worse.")]
)
def test_a_part_that_does_not_work_is_an_error(run, probes, ill, message: str):
    probes(Well, *ill)
    with pytest.raises(CommandError) as failed:
        run("doctor")
    assert str(failed.value) == message


def test_machines_get_json_and_nothing_else(probes, capsys):
    probes(Well, Ill)
    command = load_command_class("django_report_scheduling", "report_scheduling")
    with pytest.raises(SystemExit) as ended:
        command.run_from_argv(["manage.py", "report_scheduling", "doctor", "--json", "--no-color"])
    assert ended.value.code == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["healthy"] is False
    assert answer["findings"][-1] == {"status": "fail", "part": "ill", "message": "It burns.", "fix": "Water."}


def test_people_get_the_fix_on_the_next_line(probes, capsys):
    probes(Ill)
    command = load_command_class("django_report_scheduling", "report_scheduling")
    with pytest.raises(SystemExit):
        command.run_from_argv(["manage.py", "report_scheduling", "doctor", "--no-color"])
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        "WARN  ill            It coughs.",
        "      → Rest.",
        "FAIL  ill            It burns.",
        "      → Water.",
    ]
    assert captured.err == "CommandError: 1 part does not work: ill.\n"


def test_wrong_settings_do_not_keep_it_from_running(run, probes, settings):
    settings.REPORT_SCHEDULING = {"RETENTION": 1}
    probes(Well)
    command = load_command_class("django_report_scheduling", "report_scheduling")
    options = vars(command.create_parser("manage.py", "report_scheduling").parse_args(["doctor"]))
    command.execute(**options)


@pytest.mark.django_db
def test_the_real_probes_all_run(run, celery):
    with pytest.raises(CommandError, match=r"broker"):
        run("doctor", "--json")
