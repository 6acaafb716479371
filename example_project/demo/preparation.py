"""Everything that the demo puts into the database; doing it twice changes nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management import call_command

from demo.first_reports import request_first_reports
from demo.goals import ensure_goals
from demo.log_file import LogFile
from demo.people import MANAGER, demo_password, ensure_people, grant_roles
from demo.schedules import ensure_schedules
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.models import AbstractAccount, GeneratedReport


def prepare_demo(*, log: LogFile, now: dt.datetime, stdout: Any) -> list[GeneratedReport]:
    """Set up users, account, log, goals and schedules, and ask for the first reports.

    :param now: aware; schedules begin to run from then on.
    :param stdout: where the import tells its result.
    :raises CommandError: users who are not of the demo, or a log that cannot be imported.
    """
    people = ensure_people(password=demo_password())
    account = _ensure_account(log)
    grant_roles(account=account, people=people, now=now)
    call_command("import_access_log", str(log.path), account=account.slug, stdout=stdout)
    ensure_goals(account=account, log=log)
    schedules = ensure_schedules(account=account, owner=people[MANAGER], now=now)
    return request_first_reports(schedules=schedules, account=account, actor=people[MANAGER], now=now)


def _ensure_account(log: LogFile) -> AbstractAccount:
    account, _created = get_account_model().objects.get_or_create(
        slug=log.slug,
        defaults={
            "name": log.account_name,
            "accent_color": "#0b6e4f",
            "allowed_recipient_domains": ["example.com"],
            "locale": "en-GB",
        },
    )
    return account
