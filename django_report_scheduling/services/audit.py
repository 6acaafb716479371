"""Writing the append-only record. Called inside the transaction that makes the change."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django.contrib.auth.models import AbstractUser

from django_report_scheduling.models import (
    AuditEvent,
    CalendarFeed,
    Delivery,
    GeneratedReport,
    RecipientConsent,
    ReportSchedule,
    WebhookEndpoint,
)

Subject = ReportSchedule | GeneratedReport | Delivery | WebhookEndpoint | RecipientConsent | CalendarFeed


def audit_event(
    verb: str,
    subject: Subject,
    *,
    at: dt.datetime,
    actor: AbstractUser | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """Build, but do not save, the event of something that happened to a row of ours.

    :param data: details for people; never an address, a secret or report content.
    """
    return AuditEvent(
        at=at,
        actor=cast("Any", actor),
        verb=verb,
        object_type=str(subject._meta.model_name),  # Django's public model API
        object_id=str(subject.pk),
        schedule_id=_schedule_id(subject),
        account_id="" if subject.account_id is None else str(subject.account_id),
        data=data or {},
    )


def _schedule_id(subject: Subject) -> uuid.UUID | None:
    if isinstance(subject, ReportSchedule):
        return subject.pk
    if isinstance(subject, GeneratedReport):
        return subject.schedule_id
    return subject.about_schedule_id if isinstance(subject, Delivery) else None


def record(
    verb: str,
    subject: Subject,
    *,
    at: dt.datetime,
    actor: AbstractUser | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write one event."""
    audit_event(verb, subject, at=at, actor=actor, data=data).save(force_insert=True)


def record_all(events: Iterable[AuditEvent]) -> None:
    """Write many events in one statement."""
    AuditEvent.objects.bulk_create(events)
