"""One run of a schedule: made before the broker is touched, finished exactly once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import get_account_model_string
from django_report_scheduling.choices import LIVE_REPORT_STATUSES, ErrorCode, Frequency, ReportStatus, Trigger
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.models.schedule import ReportSchedule, default_formats
from django_report_scheduling.models.timestamped import TimestampedModel
from django_report_scheduling.period import Period

_LIVE = [str(status) for status in LIVE_REPORT_STATUSES]


def new_task_id() -> str:
    """Return a fresh idempotency key. Migrations name this function."""
    return str(uuid.uuid4())


class GeneratedReportQuerySet(LockingQuerySet["GeneratedReport"]):
    """Reports."""

    def waking(self, status: ReportStatus, *, now: dt.datetime) -> Self:
        """The reports in a live state whose ``wake_at`` has come, oldest first."""
        return self.filter(status=status, wake_at__lte=now).order_by("wake_at", "pk")

    def held(self, *, attempt: int) -> Self:
        """The fence: only rows that run in exactly this attempt."""
        return self.filter(status=ReportStatus.RUNNING, attempt=attempt)


class GeneratedReport(TimestampedModel):
    """One report: a slot of a schedule with everything frozen that it needs."""

    schedule = models.ForeignKey(
        ReportSchedule,
        verbose_name=_("schedule"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        help_text=_("The schedule it came from; empty once that is deleted."),
    )
    account = models.ForeignKey(
        get_account_model_string(),
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="generated_reports",
        help_text=_("The customer the report is about."),
    )
    report_type = models.CharField(_("report type"), max_length=64, help_text=_("Key of the report type."))
    parameters = models.JSONField(_("parameters"), default=dict, blank=True, help_text=_("Frozen parameters."))
    formats = models.JSONField(_("formats"), default=default_formats, help_text=_("Frozen file formats."))
    frequency = models.CharField(
        _("frequency"),
        max_length=16,
        choices=Frequency.choices,
        default=Frequency.CUSTOM,
        help_text=_("Frozen frequency: what the period is compared with."),
    )
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC", help_text=_("Zone of the period."))
    trigger = models.CharField(
        _("trigger"),
        max_length=16,
        choices=Trigger.choices,
        default=Trigger.SCHEDULE,
        help_text=_("What asked for it."),
    )
    slot = models.DateTimeField(_("slot"), help_text=_("The due time that this report answers."))
    period_start = models.DateTimeField(_("period start"), help_text=_("First instant of the period."))
    period_end = models.DateTimeField(_("period end"), help_text=_("First instant after the period."))
    status = models.CharField(
        _("status"),
        max_length=16,
        choices=ReportStatus.choices,
        default=ReportStatus.PENDING,
        help_text=_("Where the report stands."),
    )
    status_reason = models.CharField(
        _("reason"), max_length=200, blank=True, help_text=_("Why it was skipped, missed or cancelled.")
    )
    task_id = models.CharField(
        _("task id"),
        max_length=64,
        unique=True,
        default=new_task_id,
        editable=False,
        help_text=_("Idempotency key of the run."),
    )
    attempt = models.PositiveIntegerField(
        _("attempt"), default=0, editable=False, help_text=_("How often a worker has claimed it.")
    )
    failures = models.PositiveSmallIntegerField(
        _("failures"), default=0, editable=False, help_text=_("Attempts that ended with an error.")
    )
    rescues = models.PositiveSmallIntegerField(
        _("rescues"), default=0, editable=False, help_text=_("Attempts whose worker vanished.")
    )
    wake_at = models.DateTimeField(
        _("wake at"), null=True, blank=True, editable=False, help_text=_("When somebody has to look at it again.")
    )
    queued_at = models.DateTimeField(
        _("queued at"), null=True, blank=True, editable=False, help_text=_("When its message was last handed out.")
    )
    error_code = models.CharField(
        _("error"), max_length=32, choices=ErrorCode.choices, blank=True, help_text=_("Kind of the last error.")
    )
    error_message = models.TextField(_("error message"), blank=True, help_text=_("The last error, safe to show."))
    generation_time_ms = models.PositiveIntegerField(
        _("generation time (ms)"), null=True, blank=True, help_text=_("Milliseconds from claim to finish.")
    )
    file_size_bytes = models.PositiveBigIntegerField(
        _("file size (bytes)"), null=True, blank=True, help_text=_("Size of all files together.")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("requested by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who asked for it; empty for the schedule itself."),
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True, help_text=_("When it was last claimed."))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, help_text=_("When it came to its end."))
    expires_at = models.DateTimeField(
        _("expires at"), null=True, blank=True, help_text=_("When its files and row are purged.")
    )

    objects = GeneratedReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes: ClassVar = [
            models.Index(fields=["status", "wake_at", "id"], name="rs_report_wake", condition=Q(status__in=_LIVE)),
            models.Index(
                fields=["account", "status", "wake_at", "id"],
                name="rs_report_account_live",
                condition=Q(status__in=_LIVE),
            ),
            models.Index(fields=["account", "-slot"], name="rs_report_account_slot"),
            models.Index(fields=["expires_at"], name="rs_report_expires", condition=Q(expires_at__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["schedule", "slot", "trigger"], name="rs_report_once_per_slot"),
            models.CheckConstraint(condition=Q(status__in=ReportStatus.values), name="rs_report_status"),
            models.CheckConstraint(condition=Q(trigger__in=Trigger.values), name="rs_report_trigger"),
            models.CheckConstraint(
                condition=Q(status__in=_LIVE, wake_at__isnull=False) | (~Q(status__in=_LIVE) & Q(wake_at__isnull=True)),
                name="rs_report_wakes_while_live",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gt=models.F("period_start")), name="rs_report_period_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_type} {self.slot:%Y-%m-%d %H:%M %Z}"

    @property
    def period(self) -> Period:
        """The frozen period, in the zone of the schedule."""
        return Period(start=self.period_start, end=self.period_end).in_zone(ZoneInfo(self.timezone))
