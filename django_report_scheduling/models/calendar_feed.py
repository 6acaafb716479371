"""Somebody's calendar of coming runs, which programs subscribe to by a secret address."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import get_account_model_string
from django_report_scheduling.models.querysets import LockingQuerySet
from django_report_scheduling.models.timestamped import TimestampedModel


class CalendarFeedQuerySet(LockingQuerySet["CalendarFeed"]):
    """Calendar feeds."""


class CalendarFeed(TimestampedModel):
    """The coming runs of one account, or of all accounts that its owner may see.

    The address is not here: it is the signature of this row's key and ``nonce``, so that it ends with either.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # the constraints below have an index that begins with it
        help_text=_("Whose calendar it is; it shows what this person may see at that moment."),
    )
    account = models.ForeignKey(
        get_account_model_string(),
        verbose_name=_("account"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("The customer whose runs it shows; empty for all accounts that the owner may see."),
    )
    nonce = models.UUIDField(
        _("nonce"), default=uuid.uuid4, editable=False, help_text=_("Random part of the address; renewed with it.")
    )
    of_all_accounts = models.GeneratedField(
        expression=models.Case(
            models.When(account__isnull=True, then=models.Value(value=True)), default=models.Value(None)
        ),
        output_field=models.BooleanField(null=True),
        db_persist=True,
        verbose_name=_("of all accounts"),
        help_text=_("True without an account, otherwise empty: rows without one count as equal by it."),
    )

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "account"], name="rs_calendar_once_per_account"),
            # By two columns, as not every database has unique indexes with a condition, or takes two NULLs for equal.
            models.UniqueConstraint(fields=["owner", "of_all_accounts"], name="rs_calendar_once_for_all"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
