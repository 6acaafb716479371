"""What the server serves: accounts, the people who manage them, schedules, and reports with files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from rest_framework.authtoken.models import Token

from benchmarks.serving.managers import Manager, Sizes
from django_report_scheduling.access.models import AccountUserPermission
from django_report_scheduling.models import Account, GeneratedReport, ReportFile, ReportSchedule

FILE = b"%PDF-1.7\n" + b"0" * 60_000
BATCH = 5_000


def build(sizes: Sizes) -> list[Manager]:
    """Fill an empty database and return the managers."""
    now = dt.datetime.now(dt.UTC)
    users = User.objects.bulk_create(
        User(username=f"manager-{n}", email=f"manager-{n}@people.example") for n in range(sizes.managers)
    )
    tokens = Token.objects.bulk_create(Token(user=user, key=Token.generate_key()) for user in users)
    owned = sizes.managers * sizes.accounts_each
    accounts = Account.objects.bulk_create(_accounts(owned + sizes.other_accounts), batch_size=BATCH)
    shares = [accounts[n : n + sizes.accounts_each] for n in range(0, owned, sizes.accounts_each)]
    _let_manage(users, shares)
    schedules = ReportSchedule.objects.bulk_create(
        _schedules(accounts, sizes.schedules_each, now=now), batch_size=BATCH
    )
    theirs = schedules[: owned * sizes.schedules_each]
    reports = _finished_reports(theirs, now=now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [
        Manager(
            token=token.key,
            accounts=tuple(str(account.pk) for account in share),
            schedules=_of(share, theirs),
            reports=_of(share, reports),
        )
        for token, share in zip(tokens, shares, strict=True)
    ]


def _accounts(number: int) -> Iterator[Account]:
    for n in range(number):
        yield Account(name=f"Account {n}", slug=f"account-{n}", allowed_recipient_domains=["customer.example"])


def _let_manage(users: Sequence[User], shares: Sequence[Sequence[Account]]) -> None:
    permissions = Permission.objects.filter(codename__in=["manage_reports", "view_reports"])
    AccountUserPermission.objects.bulk_create(
        AccountUserPermission(user=user, permission=permission, content_object=account)
        for user, share in zip(users, shares, strict=True)
        for account in share
        for permission in permissions
    )


def _schedules(accounts: Sequence[Account], each: int, *, now: dt.datetime) -> Iterator[ReportSchedule]:
    for account in accounts:
        for n in range(each):
            yield ReportSchedule(
                account=account,
                name=f"Weekly {n}",
                report_type="traffic_analysis",
                frequency="weekly",
                day_of_week=0,
                time_of_day=dt.time(8),
                timezone="Europe/Berlin",
                recipients=["client@customer.example"],
                next_run_at=now + dt.timedelta(days=7),
                ownerless=True,
            )


def _finished_reports(schedules: Sequence[ReportSchedule], *, now: dt.datetime) -> list[GeneratedReport]:
    reports = GeneratedReport.objects.bulk_create(
        GeneratedReport(
            schedule=schedule,
            account_id=schedule.account_id,
            report_type=schedule.report_type,
            frequency=schedule.frequency,
            timezone=schedule.timezone,
            slot=now,
            period_start=now - dt.timedelta(days=7),
            period_end=now,
            status="succeeded",
            attempt=1,
            started_at=now,
            finished_at=now,
            file_size_bytes=len(FILE),
        )
        for schedule in schedules
    )
    ReportFile.objects.bulk_create(
        ReportFile(
            report=report,
            format="pdf",
            key=default_storage.save(f"reports/{report.account_id}/{report.pk}/1.pdf", ContentFile(FILE)),
            name="report.pdf",
            content_type="application/pdf",
            size=len(FILE),
            sha256="0" * 64,
        )
        for report in reports
    )
    return reports


def _of(accounts: Sequence[Account], rows: Sequence[ReportSchedule] | Sequence[GeneratedReport]) -> tuple[str, ...]:
    keys = {account.pk for account in accounts}
    return tuple(str(row.pk) for row in rows if row.account_id in keys)
