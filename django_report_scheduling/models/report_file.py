"""One rendered file of a report."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.models.report import GeneratedReport
from django_report_scheduling.models.timestamped import TimestampedModel


class ReportFile(TimestampedModel):
    """Where a file of a report lies, and how to know that it is whole."""

    report = models.ForeignKey(
        GeneratedReport,
        verbose_name=_("report"),
        on_delete=models.CASCADE,
        related_name="files",
        help_text=_("The report it belongs to."),
    )
    format = models.CharField(_("format"), max_length=32, help_text=_("Alias of the renderer that made it."))
    key = models.CharField(
        _("storage key"), max_length=255, unique=True, help_text=_("Name in the storage, made of ids and the attempt.")
    )
    name = models.CharField(_("file name"), max_length=200, help_text=_("Name under which people receive it."))
    content_type = models.CharField(_("content type"), max_length=100, help_text=_("Media type."))
    size = models.PositiveBigIntegerField(_("size"), help_text=_("Bytes."))
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("Checksum of the bytes, hexadecimal."))

    class Meta:
        verbose_name = _("report file")
        verbose_name_plural = _("report files")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "format"], name="rs_file_once_per_format"),
        ]

    def __str__(self) -> str:
        return self.name
