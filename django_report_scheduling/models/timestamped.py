"""What every row of ours has: a time-ordered key and its two timestamps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.models.identifiers import new_id


class TimestampedModel(models.Model):
    """Abstract base: UUIDv7 key, ``created_at`` and ``updated_at`` (UTC)."""

    id = models.UUIDField(
        _("id"), primary_key=True, default=new_id, editable=False, help_text=_("Time-ordered identifier (UUIDv7).")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, help_text=_("When the row was made."))
    updated_at = models.DateTimeField(_("updated at"), auto_now=True, help_text=_("When the row last changed."))

    class Meta:
        abstract = True
