"""Rows, constraints and querysets."""

from __future__ import annotations

from django_report_scheduling.models.account import AbstractAccount, Account
from django_report_scheduling.models.audit_event import AuditEvent
from django_report_scheduling.models.calendar_feed import CalendarFeed
from django_report_scheduling.models.delivery import Delivery
from django_report_scheduling.models.delivery_attempt import DeliveryAttempt
from django_report_scheduling.models.heartbeat import Heartbeat
from django_report_scheduling.models.recipient_consent import RecipientConsent
from django_report_scheduling.models.report import GeneratedReport
from django_report_scheduling.models.report_file import ReportFile
from django_report_scheduling.models.schedule import ReportSchedule
from django_report_scheduling.models.webhook_endpoint import WebhookEndpoint

__all__ = [
    "AbstractAccount",
    "Account",
    "AuditEvent",
    "CalendarFeed",
    "Delivery",
    "DeliveryAttempt",
    "GeneratedReport",
    "Heartbeat",
    "RecipientConsent",
    "ReportFile",
    "ReportSchedule",
    "WebhookEndpoint",
]
