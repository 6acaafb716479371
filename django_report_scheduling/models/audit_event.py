"""The append-only record of who did what to which object, and when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.models.identifiers import new_id


class AuditEvent(models.Model):
    """One line of the record. Rows are added, and purged by age; they never change."""

    id = models.UUIDField(
        _("id"), primary_key=True, default=new_id, editable=False, help_text=_("Time-ordered identifier (UUIDv7).")
    )
    at = models.DateTimeField(_("at"), help_text=_("When it happened."))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("actor"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Who did it; empty for the system."),
    )
    verb = models.CharField(_("verb"), max_length=64, help_text=_("What happened, e.g. “schedule.paused”."))
    object_type = models.CharField(_("object type"), max_length=32, help_text=_("Kind of the object."))
    object_id = models.CharField(_("object id"), max_length=64, help_text=_("Primary key of the object."))
    schedule_id = models.UUIDField(
        _("schedule"), null=True, blank=True, help_text=_("The schedule whose timeline it belongs to.")
    )
    account_id = models.CharField(
        _("account"), max_length=64, blank=True, help_text=_("Primary key of the account concerned.")
    )
    data = models.JSONField(_("data"), default=dict, blank=True, help_text=_("Details; never an address or a secret."))

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        indexes: ClassVar = [
            models.Index(fields=["object_id", "at"], name="rs_audit_object"),
            models.Index(fields=["schedule_id", "id"], name="rs_audit_schedule_id"),
            models.Index(fields=["at"], name="rs_audit_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row.

        :raises TypeError: it exists already; the record is append-only.
        """
        if not self._state.adding:
            msg = "Audit events are append-only: add a new one instead of changing this one."
            raise TypeError(msg)
        super().save(*args, **kwargs)
