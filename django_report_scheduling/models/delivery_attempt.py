"""What came of one attempt at a delivery."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.models.delivery import Delivery
from django_report_scheduling.models.identifiers import new_id


class DeliveryAttempt(models.Model):
    """One line of a webhook's log: when, how it ended, how long it took; never what was sent or answered."""

    id = models.UUIDField(
        _("id"), primary_key=True, default=new_id, editable=False, help_text=_("Time-ordered identifier (UUIDv7).")
    )
    delivery = models.ForeignKey(
        Delivery,
        verbose_name=_("delivery"),
        on_delete=models.CASCADE,
        related_name="attempts",
        help_text=_("What was to be brought."),
        db_index=False,  # the first column of the unique constraint
    )
    number = models.PositiveIntegerField(
        _("attempt"), help_text=_("Which claim of the delivery it was, counted from 1.")
    )
    at = models.DateTimeField(_("at"), help_text=_("When it had ended."))
    outcome = models.CharField(_("outcome"), max_length=32, help_text=_("Code of how it ended, of a fixed set."))
    answer = models.PositiveSmallIntegerField(
        _("answer"), null=True, blank=True, help_text=_("HTTP status of the answer; empty without one.")
    )
    duration_ms = models.PositiveIntegerField(_("duration"), help_text=_("How long it took, in milliseconds."))

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        ordering: ClassVar = ["delivery", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["delivery", "number"], name="rs_attempt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
