"""One report, or event, to one target over one channel."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import LIVE_DELIVERY_STATUSES, DeliveryStatus, ErrorCode, Event
from django_report_scheduling.models.deletion import delete_along
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.models.recipient_consent import RecipientConsent
from django_report_scheduling.models.report import GeneratedReport
from django_report_scheduling.models.schedule import ReportSchedule
from django_report_scheduling.models.timestamped import TimestampedModel
from django_report_scheduling.models.webhook_endpoint import WebhookEndpoint

if TYPE_CHECKING:
    from django_report_scheduling.models.account import AbstractAccount

WEBHOOK: Final = "webhook"
"""Alias of the channel whose targets are webhook endpoints."""
_ABOUT_WEBHOOK = Q(webhook__isnull=False, report__isnull=True, consent__isnull=True, event=Event.WEBHOOK_DISABLED)
_ABOUT_CONSENT = Q(webhook__isnull=True, report__isnull=True, consent__isnull=False, event=Event.RECIPIENT_CONFIRMATION)
_ABOUT_REPORT = Q(webhook__isnull=True, report__isnull=False, consent__isnull=True)
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

    def with_account_key(self) -> Self:
        """Add ``account_key``: of the account of the report, or of what it is about where that is none."""
        owners = (F(f"{owner}__account_id") for owner in ("report", "webhook", "consent"))
        return self.annotate(account_key=Coalesce(*owners, output_field=get_account_model()._meta.pk))

    def of_accounts(self, keys: Collection[Any]) -> Self:
        """The deliveries of some accounts, whatever they are about."""
        return self.with_account_key().filter(account_key__in=keys)

    def count_by_account(self) -> Counter[Any]:
        """How many there are of each account, by its key."""
        keys: Any = self.with_account_key()  # the stubs forget annotations behind Self
        return Counter(dict(keys.values_list("account_key").annotate(models.Count("pk"))))

    def outside_of(self, keys: Collection[Any]) -> Self:
        """The deliveries of all other accounts."""
        return self.with_account_key().exclude(account_key__in=keys) if keys else self


class Delivery(TimestampedModel):
    """What one target got, or why not.

    It is about a report, about a schedule, about a webhook itself, or asks somebody whether they want reports at all.
    The account it belongs to is that of the report, and where there is none that of the webhook or of the consent.
    """

    report = models.ForeignKey(
        GeneratedReport,
        verbose_name=_("report"),
        null=True,
        blank=True,
        on_delete=delete_along,
        related_name="deliveries",
        help_text=_("The report it is about."),
    )
    schedule = models.ForeignKey(
        ReportSchedule,
        verbose_name=_("schedule"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The schedule it is about, where it is about no report."),
    )
    webhook = models.ForeignKey(
        WebhookEndpoint,
        verbose_name=_("webhook"),
        null=True,
        blank=True,
        on_delete=delete_along,
        related_name="deliveries",
        help_text=_("The webhook that it goes to, or that it is about."),
        db_index=False,  # the first column of an index of its own
    )
    consent = models.ForeignKey(
        RecipientConsent,
        verbose_name=_("consent"),
        null=True,
        blank=True,
        on_delete=delete_along,
        related_name="deliveries",
        help_text=_("The consent that it asks for."),
        db_index=False,  # the first column of an index of its own
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
    payload = models.JSONField(
        _("payload"),
        default=dict,
        blank=True,
        editable=False,
        help_text=_("What a webhook is told, as it was when it happened; empty for other channels."),
    )
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
            models.Index(fields=["webhook", "id"], name="rs_delivery_webhook", condition=Q(webhook__isnull=False)),
            models.Index(fields=["consent", "id"], name="rs_delivery_consent", condition=Q(consent__isnull=False)),
            models.Index(fields=["created_at"], name="rs_delivery_no_report", condition=Q(report__isnull=True)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["report", "event", "channel", "target"], name="rs_delivery_once_per_target"
            ),
            models.CheckConstraint(condition=Q(status__in=DeliveryStatus.values), name="rs_delivery_status"),
            models.CheckConstraint(
                condition=Q(channel=WEBHOOK, webhook__isnull=False, consent__isnull=True)
                | (~Q(channel=WEBHOOK) & (_ABOUT_WEBHOOK | _ABOUT_CONSENT | _ABOUT_REPORT)),
                name="rs_delivery_subject_fits_channel",
            ),
            models.CheckConstraint(
                condition=Q(report__isnull=True) | Q(schedule__isnull=True), name="rs_delivery_report_or_schedule"
            ),
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

    @property
    def account(self) -> AbstractAccount:
        """The account it belongs to."""
        return self._owner.account

    @property
    def account_id(self) -> Any:
        """Key of that account."""
        return self._owner.account_id

    @property
    def about_schedule_id(self) -> uuid.UUID | None:
        """Key of the schedule whose timeline it belongs to."""
        return self.report.schedule_id if self.report else self.schedule_id

    @property
    def _owner(self) -> GeneratedReport | WebhookEndpoint | RecipientConsent:
        owner = self.report or self.webhook or self.consent
        assert owner is not None  # noqa: S101  # a constraint of the database
        return owner
