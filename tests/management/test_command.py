"""The command as a whole."""

from __future__ import annotations

import pytest
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.core.management.base import CommandError, SystemCheckError
from django.db.utils import OperationalError

from django_report_scheduling.exceptions import InvalidPlugin
from django_report_scheduling.management.subcommands import SUBCOMMANDS
from django_report_scheduling.management.subcommands.purge import Purge
from tests.mail_settings import send_through


def test_django_finds_it():
    assert get_commands()["report_scheduling"] == "django_report_scheduling"


def test_without_a_subcommand_it_says_so(run):
    with pytest.raises(CommandError, match="SUBCOMMAND"):
        run()


def test_an_unknown_subcommand_lists_the_known_ones(run):
    with pytest.raises(CommandError, match=r"doctor.*tick.*generate.*purge.*grant"):
        run("tock")


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_explains_itself(name: str, capsys):
    with pytest.raises(SystemExit) as ended:
        ManagementUtility(["manage.py", "report_scheduling", name, "--help"]).execute()
    assert ended.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert SUBCOMMANDS[name].help in text
    assert "SUPPRESS" not in text


@pytest.mark.parametrize("options", [["--no-color", "purge"], ["purge", "--no-color", "--verbosity", "2"]])
def test_the_options_of_django_may_stand_on_either_side(options: list[str]):
    command = load_command_class("django_report_scheduling", "report_scheduling")
    parsed = vars(command.create_parser("manage.py", "report_scheduling").parse_args(options))
    assert parsed["no_color"] is True
    assert parsed["verbosity"] == (2 if "--verbosity" in options else 1)


def test_a_database_that_refuses_is_a_message_without_a_password(run, monkeypatch, settings):
    send_through(settings, "smtp", password="canary-password")

    def refuse(self, **options):
        raise OperationalError("connection failed for canary-password")

    monkeypatch.setattr(Purge, "run", refuse)
    with pytest.raises(CommandError) as failed:
        run("purge")
    assert "The database refused: connection failed for ***" in str(failed.value)
    assert "migrate" in str(failed.value)


def test_what_the_package_raises_on_purpose_is_a_message(run, monkeypatch):
    def refuse(self, **options):
        raise InvalidPlugin("The channel is missing.")

    monkeypatch.setattr(Purge, "run", refuse)
    with pytest.raises(CommandError, match=r"^The channel is missing.$"):
        run("purge")


@pytest.mark.django_db  # from Django 6.1 on, its own checks ask the database what it supports
def test_wrong_settings_keep_it_from_running_from_the_shell(settings):
    import django_report_scheduling.checks  # noqa: F401  # registers the checks

    settings.REPORT_SCHEDULING = {"RETENTION": 1}
    command = load_command_class("django_report_scheduling", "report_scheduling")
    options = vars(command.create_parser("manage.py", "report_scheduling").parse_args(["purge"]))
    with pytest.raises(SystemCheckError, match=r"report_scheduling.E003"):
        command.execute(**options)
