"""The Django admin of our models."""

from __future__ import annotations

from django_report_scheduling.admin.accounts import AccountAdmin
from django_report_scheduling.admin.audit_events import AuditEventAdmin
from django_report_scheduling.admin.calendar_feeds import CalendarFeedAdmin
from django_report_scheduling.admin.recipient_consents import RecipientConsentAdmin
from django_report_scheduling.admin.reports import GeneratedReportAdmin
from django_report_scheduling.admin.schedules import ReportScheduleAdmin
from django_report_scheduling.admin.webhooks import WebhookEndpointAdmin

__all__ = [
    "AccountAdmin",
    "AuditEventAdmin",
    "CalendarFeedAdmin",
    "GeneratedReportAdmin",
    "RecipientConsentAdmin",
    "ReportScheduleAdmin",
    "WebhookEndpointAdmin",
]
