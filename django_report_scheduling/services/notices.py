"""Telling people that a schedule has stopped: who they are, and that each is told once."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractUser
from django.db.models import QuerySet

from django_report_scheduling.access.roles import accounts_visible_to, administrators, managers_of
from django_report_scheduling.choices import Event
from django_report_scheduling.models import Delivery, GeneratedReport, ReportSchedule


def people_to_tell(schedule: ReportSchedule, event: Event) -> set[str]:
    """Return the addresses of those who are told.

    Of a mistake, that its owner or an administrator has to mend: administrators, and an owner with a role. Of a pause
    because of the owner: who manages the account and can take the schedule over; administrators where nobody does.
    """
    if event == Event.SCHEDULE_PAUSED:
        return _addresses(managers_of(schedule.account)) or _addresses(administrators())
    people = _addresses(administrators())
    owner = schedule.created_by
    if owner is not None and owner.email and accounts_visible_to(owner).filter(pk=schedule.account_id).exists():
        people.add(owner.email)
    return people


def may_be_told(schedule: ReportSchedule, event: Event, target: str) -> bool:
    """Whether somebody who was to be told is still one of those people when the notice goes out."""
    # Administrators may always be: a manager who came after them does not make their notice wrong.
    return target in people_to_tell(schedule, event) or target in _addresses(administrators())


def tell(
    schedule: ReportSchedule, report: GeneratedReport, *, now: dt.datetime, event: Event = Event.SCHEDULE_ERRORED
) -> None:
    """Tell, once, that a schedule has stopped; the notices hang on the report that stopped it."""
    Delivery.objects.bulk_create(
        [
            Delivery(report=report, event=event, channel="email", target=email, wake_at=now)
            for email in sorted(people_to_tell(schedule, event))
        ],
        ignore_conflicts=True,
    )


def _addresses(people: QuerySet[AbstractUser]) -> set[str]:
    # A host's own user model may leave the address null.
    return {email for email in people.values_list("email", flat=True) if email}
