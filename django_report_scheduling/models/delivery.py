"""One report, or event, to one target over one channel."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.choices import LIVE_DELIVERY_STATUSES, DeliveryStatus, ErrorCode, Event
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.models.report import GeneratedReport
from django_report_scheduling.models.timestamped import TimestampedModel

_LIVE = [str(status) for status in LIVE_DELIVERY_STATUSES]


class DeliveryQuerySet(LockingQuerySet["Delivery"]):
    """Deliveries."""

    def waking(self, status: DeliveryStatus, *, now: dt.datetime) -> Self:
        """The deliveries in a live state whose ``wake_at`` has come, oldest first."""
        return self.filter(status=status, wake_at__lte=now).order_by("wake_at", "pk")

    def handed_out(self) -> Self:
        """The deliveries whose message is with the broker, as far as we know: nobody has claimed it."""
        return self.filter(status=DeliveryStatus.PENDING, queued_at__isnull=False)

    def held(self, *, attempt: int) -> Self:
        """The fence: only rows that are being sent in exactly this attempt."""
        return self.filter(status=DeliveryStatus.SENDING, attempt=attempt)


class Delivery(TimestampedModel):
    """What one target got, or why not."""

    report = models.ForeignKey(
        GeneratedReport,
        verbose_name=_("report"),
        on_delete=models.CASCADE,
        related_name="deliveries",
        help_text=_("The report it is about."),
    )
    event = models.CharField(
        _("event"),
        max_length=32,
        choices=Event.choices,
        default=Event.REPORT_SUCCEEDED,
        help_text=_("What the target is told."),
    )
    channel = models.CharField(_("channel"), max_length=32, default="email", help_text=_("Alias of the channel."))
    target = models.CharField(_("target"), max_length=254, help_text=_("Whom it reaches, e.g. a mail address."))
    status = models.CharField(
        _("status"),
        max_length=16,
        choices=DeliveryStatus.choices,
        default=DeliveryStatus.PENDING,
        help_text=_("Where the delivery stands."),
    )
    attempt = models.PositiveIntegerField(
        _("attempt"), default=0, editable=False, help_text=_("How often a worker has claimed it.")
    )
    failures = models.PositiveSmallIntegerField(
        _("failures"), default=0, editable=False, help_text=_("Attempts that ended with an error.")
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
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, help_text=_("When it was handed over."))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes: ClassVar = [
            models.Index(fields=["status", "wake_at", "id"], name="rs_delivery_wake", condition=Q(status__in=_LIVE)),
            models.Index(
                fields=["wake_at", "id"],
                name="rs_delivery_handed_out",
                condition=Q(status="pending", queued_at__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "event", "channel", "target"], name="rs_delivery_once_per_target"
            ),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="rs_delivery_status"),
            models.CheckConstraint(
                condition=Q(status__in=_LIVE, wake_at__isnull=False) | (~Q(status__in=_LIVE) & Q(wake_at__isnull=True)),
                name="rs_delivery_wakes_while_live",
            ),
            models.CheckConstraint(
                condition=~Q(status="sent") | Q(sent_at__isnull=False), name="rs_delivery_sent_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} ({self.channel})"
