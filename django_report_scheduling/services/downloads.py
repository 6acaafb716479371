"""Following a link from a mail: everything that allowed the delivery is asked again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.files import File

from django_report_scheduling.models import ReportFile
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.download_links import resolve_download
from django_report_scheduling.services.report_storage import report_storage
from django_report_scheduling.services.withholding import reason_to_withhold


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """A stored file, open for reading; whoever asked for it closes ``content``."""

    file: ReportFile
    content: File[bytes]


def open_download(*, token: str, now: dt.datetime, headers_only: bool = False) -> Download | None:
    """Open the file that a link leads to, and write the download down.

    :param headers_only: nobody gets the content (a mail scanner looks at the link), hence nothing is written down.
    :returns: ``None`` for a link that is forged, expired, or whose target may no longer receive the report, and for a
        file that is gone.
    """
    resolved = resolve_download(token)
    if resolved is None:
        return None
    delivery, file = resolved
    if reason_to_withhold(delivery):
        return None
    try:
        content = report_storage().open(file.key, "rb")
    except FileNotFoundError:
        return None
    if not headers_only:
        record("report.downloaded", delivery, at=now, data={"format": file.format})
    return Download(file=file, content=content)
