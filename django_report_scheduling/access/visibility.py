"""The rows one person may see: every view, page and host starts from these, so that nobody has to remember a filter.

Each queryset is filtered by account first, through an index. What it does not hold does not exist for that person.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet, Value

from django_report_scheduling.access.among import among
from django_report_scheduling.access.holding import HoldsOn
from django_report_scheduling.access.roles import (
    MANAGE_REPORTS,
    VIEW_REPORTS,
    Person,
    accounts_managed_by,
    is_administrator,
    permission_on,
)
from django_report_scheduling.choices import Trigger
from django_report_scheduling.models import (
    CalendarFeed,
    GeneratedReport,
    RecipientConsent,
    ReportFile,
    ReportSchedule,
    WebhookEndpoint,
)
from django_report_scheduling.models.calendar_feed import CalendarFeedQuerySet
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.models.report import GeneratedReportQuerySet
from django_report_scheduling.models.schedule import ReportScheduleQuerySet
from django_report_scheduling.models.webhook_endpoint import WebhookEndpointQuerySet


def visible_schedules(user: Person) -> ReportScheduleQuerySet:
    """Return the schedules of the accounts whose reports the user may see."""
    return ReportSchedule.objects.filter(permission_on(user, VIEW_REPORTS, account="account"))


def visible_reports(user: Person) -> GeneratedReportQuerySet:
    """Return the reports of these accounts, without the previews that somebody else asked for.

    A preview is its requester's alone; not even an administrator sees that of another.
    """
    return GeneratedReport.objects.filter(
        _no_foreign_preview(user), permission_on(user, VIEW_REPORTS, account="account")
    )


def visible_files(user: Person) -> QuerySet[ReportFile]:
    """Return the files of the reports that the user may see."""
    return ReportFile.objects.filter(
        _no_foreign_preview(user, "report__"), permission_on(user, VIEW_REPORTS, account="report__account")
    )


def manageable_webhooks(user: Person) -> WebhookEndpointQuerySet:
    """Return the webhook endpoints of the accounts that the user manages; to everybody else they do not exist."""
    return WebhookEndpoint.objects.filter(permission_on(user, MANAGE_REPORTS, account="account"))


def own_calendar_feeds(user: Person) -> CalendarFeedQuerySet:
    """Return the calendar feeds of the user; nobody sees those of others, not even an administrator.

    Each has as ``account_seen`` whether the user still sees its account, if any, and so may be told its name.
    """
    every = is_administrator(user)
    seen = Value(value=True) if every else HoldsOn(user, VIEW_REPORTS, account="account")
    return CalendarFeed.objects.filter(owner=user.pk).annotate(account_seen=seen)


def manageable_consents(user: Person) -> LockingQuerySet[RecipientConsent]:
    """Return what people have said to the accounts that the user manages; to everybody else it does not exist."""
    return RecipientConsent.objects.filter(permission_on(user, MANAGE_REPORTS, account="account"))


def with_management(schedules: ReportScheduleQuerySet, user: Person) -> ReportScheduleQuerySet:
    """Add to each schedule as ``managed`` whether the user manages its account, in the same query.

    :param user: an active person, as everybody is who sees schedules.
    """
    every = is_administrator(user)
    managed = Value(value=True) if every else HoldsOn(user, MANAGE_REPORTS, account="account")
    return schedules.annotate(managed=managed)


def managed_among(user: Person, accounts: Collection[Any]) -> frozenset[Any]:
    """Return those of the accounts that the user manages, with one query at most, however many there are.

    :param accounts: primary keys, as many as a page has.
    """
    if not accounts or is_administrator(user):
        return frozenset(accounts)
    return frozenset(accounts_managed_by(user).filter(among("pk", set(accounts))).values_list("pk", flat=True))


def _no_foreign_preview(user: Person, path: str = "") -> Q:
    return ~Q(**{f"{path}trigger": Trigger.PREVIEW}) | Q(**{f"{path}requested_by": user.pk})
