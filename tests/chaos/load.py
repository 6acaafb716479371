"""The work of a run: ``python -m tests.chaos.load REPORTS SPREAD SEED``, inside the chaos host.

Writes schedules whose slots fall due within ``SPREAD`` seconds from now, and into ``plan.json`` what has to come of
them. Most have one slot; some have missed two days and make up for them.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

from tests.chaos.leave import LEAVING
from tests.chaos.servers.names import HOST, SECRETS

PER_ACCOUNT = 8
MISSED_DAYS = 2
RECIPIENTS = ("first@customer.example", "second@customer.example")
ADMINISTRATOR = "admin@host.example"
FORMATS = (["json"], ["csv"], ["json", "csv"])
WEBHOOK_EVENTS = ["report.succeeded", "report.failed"]
LONG_WORK, SHORT_WORK = 3000, 60


@dataclass(frozen=True, kw_only=True)
class Kind:
    """What one schedule is like."""

    report_type: str = "work"
    milliseconds: int = 0
    catches_up: bool = False


def kinds(reports: int, chance: random.Random) -> list[Kind]:
    """Return schedules with about this many slots together: two poisonous, one that always fails, the rest work."""
    found = [Kind(report_type="killing"), Kind(report_type="exiting"), Kind(report_type="failing", catches_up=True)]
    slots = 2 + 1 + MISSED_DAYS
    while slots < reports:
        catches_up = chance.random() < 1 / 8
        work = LONG_WORK if chance.random() < 1 / 100 else chance.randrange(SHORT_WORK)
        found.append(Kind(milliseconds=work, catches_up=catches_up))
        slots += 1 + MISSED_DAYS * catches_up
    return found


def main(reports: int, spread: int, seed: int) -> None:
    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from django_report_scheduling.models import Account, ReportSchedule

    chance = random.Random(seed)  # noqa: S311  # the same load for the same seed
    get_user_model().objects.create_superuser("admin", email=ADMINISTRATOR)
    start = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(seconds=2)
    wanted = kinds(reports, chance)
    accounts = Account.objects.bulk_create(
        Account(name=f"Account {number}", slug=f"account-{number}", allowed_recipient_domains=["customer.example"])
        for number in range(len(wanted) // PER_ACCOUNT + 1)
    )
    webhooks = _webhooks(accounts, settings.FOLDER)
    schedules = []
    for number, kind in enumerate(wanted):
        due = start + dt.timedelta(seconds=chance.randrange(spread) if spread else 0)
        schedules.append(_schedule(kind, accounts[number // PER_ACCOUNT], due, number))
    plan = [_planned(each, kind, webhooks.get(each.account)) for each, kind in zip(schedules, wanted, strict=True)]
    (settings.FOLDER / "plan.json").write_text(json.dumps(plan), encoding="ascii")
    ReportSchedule.objects.bulk_create(schedules)


def _schedule(kind: Kind, account: Any, due: dt.datetime, number: int) -> Any:
    from django_report_scheduling.models import ReportSchedule

    first = due - dt.timedelta(days=MISSED_DAYS * kind.catches_up)
    return ReportSchedule(
        account=account,
        name=f"Schedule {number}",
        report_type=kind.report_type,
        parameters={"milliseconds": kind.milliseconds},
        formats=FORMATS[number % len(FORMATS)],
        frequency="daily",
        time_of_day=due.time(),
        timezone="UTC",
        starts_at=first - dt.timedelta(days=1),
        recipients=list(RECIPIENTS[: 1 + (number % 8 == 0)]),
        misfire_policy="all" if kind.catches_up else "latest",
        next_run_at=first,
        ownerless=True,
    )


def _webhooks(accounts: Sequence[Any], folder: Path) -> dict[Any, Any]:
    """Give two of three accounts an endpoint, and write down the secrets, and which of them leave."""
    from django_report_scheduling.models import WebhookEndpoint
    from django_report_scheduling.services.webhooks.secrets import give_new_secret

    secrets, endpoints = {}, {}
    for number, account in enumerate(accounts):
        if number % 3 == 2:
            continue
        url = f"https://{HOST}/{account.slug}"
        endpoint = WebhookEndpoint(account=account, url=url, events=WEBHOOK_EVENTS, state="active")
        secrets[account.slug] = give_new_secret(endpoint).reveal()
        endpoints[account] = endpoint
    (folder / SECRETS).write_text(json.dumps(secrets), encoding="ascii")
    leaving = {str(endpoint.pk): account.slug for account, endpoint in endpoints.items() if _leaves(account)}
    (folder / LEAVING).write_text(json.dumps(leaving), encoding="ascii")
    WebhookEndpoint.objects.bulk_create(endpoints.values())
    return endpoints


def _leaves(account: Any) -> bool:
    return int(account.slug.rpartition("-")[2]) % 6 == 1


def _planned(schedule: Any, kind: Kind, webhook: Any) -> dict[str, Any]:
    days = range(1 + MISSED_DAYS * kind.catches_up)
    return {
        "schedule": str(schedule.pk),
        "report_type": kind.report_type,
        "formats": schedule.formats,
        "recipients": schedule.recipients,
        "webhook": str(webhook.pk) if webhook else "",
        "webhook_leaves": _leaves(schedule.account),
        "slots": [(schedule.next_run_at + dt.timedelta(days=day)).isoformat() for day in days],
    }


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
