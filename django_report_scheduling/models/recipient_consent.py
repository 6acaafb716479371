"""What the person at an address has said about receiving an account's reports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import get_account_model_string
from django_report_scheduling.choices import SUPPRESSED_STATES, ConsentState
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.models.timestamped import TimestampedModel


class RecipientConsent(TimestampedModel):
    """One address and one account: whether mails may go from this to that, as far as the person there has a say.

    It outlives schedules and their lists of recipients, so that nobody is written to again by being listed again.
    """

    account = models.ForeignKey(
        get_account_model_string(),
        verbose_name=_("account"),
        on_delete=models.CASCADE,
        related_name="recipient_consents",
        help_text=_("The customer whose reports it is about."),
    )
    address = models.CharField(_("address"), max_length=254, help_text=_("The mail address, as it was first written."))
    key = models.CharField(
        _("key"),
        max_length=254,
        editable=False,
        help_text=_("The address in the form in which all its spellings are the same."),
    )
    state = models.CharField(
        _("state"),
        max_length=16,
        choices=ConsentState.choices,
        default=ConsentState.UNASKED,
        editable=False,
        help_text=_("What is known of the person there."),
    )
    nonce = models.CharField(
        _("nonce"),
        max_length=43,
        blank=True,
        editable=False,
        help_text=_("What makes a confirmation link good once; empty while there is none."),
    )
    asked_at = models.DateTimeField(
        _("asked at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When a mail last asked; what other accounts asked decides too."),
    )
    confirmed_at = models.DateTimeField(
        _("confirmed at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the person there last agreed by the link of a mail that asked."),
    )

    objects = LockingQuerySet["RecipientConsent"].as_manager()

    class Meta:
        verbose_name = _("recipient consent")
        verbose_name_plural = _("recipient consents")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="rs_consent_once"),
            models.CheckConstraint(condition=Q(state__in=ConsentState.values), name="rs_consent_state"),
            models.CheckConstraint(condition=~Q(key=""), name="rs_consent_has_key"),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False), name="rs_consent_confirmed_has_time"
            ),
            models.CheckConstraint(condition=Q(nonce="") | Q(asked_at__isnull=False), name="rs_consent_link_was_asked"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key", "asked_at"], name="rs_consent_asked"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def suppressed(self) -> bool:
        """Whether nothing may go there, whoever lists the address."""
        return self.state in SUPPRESSED_STATES
