"""A sign of life of a periodic process."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When a periodic process last did its work."""

    name = models.CharField(_("name"), max_length=64, primary_key=True, help_text=_("Which process."))
    at = models.DateTimeField(_("at"), help_text=_("When it last did its work."))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name
