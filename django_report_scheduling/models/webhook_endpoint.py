"""An account's HTTPS receiver of events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import get_account_model_string
from django_report_scheduling.choices import WebhookState, WebhookStop
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.models.timestamped import TimestampedModel


class WebhookEndpointQuerySet(LockingQuerySet["WebhookEndpoint"]):
    """Webhook endpoints."""

    def kept(self) -> Iterable[WebhookEndpoint]:
        """Read the rows, and have whoever wants to delete one of them wait until the end of the transaction.

        Django knows no ``FOR KEY SHARE``. Other databases look at foreign keys when a row is written.
        """
        connection = connections[self.db]
        if connection.vendor != "postgresql" or not connection.in_atomic_block:
            return self
        sql, values = self.query.get_compiler(self.db).as_sql()
        return self.raw(f"{sql} FOR KEY SHARE", values, using=self.db)


class WebhookEndpoint(TimestampedModel):
    """Where an account wants to be told, of what, and with which secret it recognises us.

    Secrets are here in encrypted form only, and bound to this row.
    """

    account = models.ForeignKey(
        get_account_model_string(),
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="webhooks",
        help_text=_("The customer who is told."),
    )
    url = models.CharField(_("URL"), max_length=2048, help_text=_("HTTPS address that events are posted to."))
    events = models.JSONField(_("events"), default=list, help_text=_("What it is told of."))
    description = models.CharField(_("description"), max_length=200, blank=True, help_text=_("For people."))
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=WebhookState.choices,
        default=WebhookState.PENDING,
        editable=False,
        help_text=_("Events go out only while it is active; it becomes so by answering a ping."),
    )
    state_reason = models.CharField(
        _("reason"),
        max_length=16,
        choices=WebhookStop.choices,
        blank=True,
        editable=False,
        help_text=_("Why it is disabled."),
    )
    secret = models.TextField(_("secret"), editable=False, help_text=_("What messages are signed with, encrypted."))
    previous_secret = models.TextField(
        _("previous secret"), blank=True, editable=False, help_text=_("The one before, while it still signs too.")
    )
    previous_secret_expires_at = models.DateTimeField(
        _("previous secret expires at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Until when the previous secret signs too."),
    )
    consecutive_failures = models.PositiveIntegerField(
        _("consecutive failures"),
        default=0,
        editable=False,
        help_text=_("Deliveries in a row that failed for good through the receiver's fault."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who set it up, and is told when it is disabled."),
    )

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=WebhookState.values), name="rs_webhook_state"),
            models.CheckConstraint(
                condition=Q(state="disabled", state_reason__in=WebhookStop.values)
                | (~Q(state="disabled") & Q(state_reason="")),
                name="rs_webhook_disabled_has_reason",
            ),
            models.CheckConstraint(condition=Q(url__startswith="https://"), name="rs_webhook_https"),
            models.CheckConstraint(condition=~Q(secret=""), name="rs_webhook_has_secret"),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_secret_expires_at__isnull=True)
                | (~Q(previous_secret="") & Q(previous_secret_expires_at__isnull=False)),
                name="rs_webhook_previous_secret_expires",
            ),
        ]

    def __str__(self) -> str:
        return self.description or self.host

    @property
    def host(self) -> str:
        """Name of the receiver; the rest of the URL may hold a token and is for its managers alone."""
        return urlsplit(self.url).hostname or ""

    @property
    def active(self) -> bool:
        """Whether events go to it."""
        return self.state == WebhookState.ACTIVE
