"""Following a link: everything that allowed it is asked again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.files import File

from django_report_scheduling.exceptions import FileMissing, InvalidPlugin, UnknownPlugin
from django_report_scheduling.models import Delivery, ReportFile
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.download_links import resolve_download
from django_report_scheduling.services.file_links import resolve_file_link
from django_report_scheduling.services.link_life import mailed_url_life
from django_report_scheduling.services.presigning import presigned_url
from django_report_scheduling.services.stored_files import open_stored, require_stored
from django_report_scheduling.services.withholding import reason_to_withhold


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """A file and how to get at it.

    :param url: where the storage hands it out; empty where we do.
    :param content: open for reading, where we hand it out; whoever asked for it closes it.
    """

    file: ReportFile
    url: str = ""
    content: File[bytes] | None = None


def open_download(*, token: str, now: dt.datetime, headers_only: bool = False) -> Download | None:
    """Open the file that a mailed link leads to, and write the download down.

    :param headers_only: nobody gets the content (a mail scanner looks at the link), hence neither URL nor content, and
        nothing is written down.
    :returns: ``None`` for a link that is forged, expired, or whose target may no longer receive the report, and for a
        file that is gone.
    :raises StorageUnavailable: the storage does not answer.
    """
    resolved = resolve_download(token)
    if resolved is None:
        return None
    delivery, file = resolved
    if not _may_receive(delivery):
        return None
    try:
        found = _reach(file, headers_only=headers_only, signed_elsewhere=True)
    except FileMissing:
        return None
    if not headers_only:
        record("report.downloaded", delivery, at=now, data={"format": file.format})
    return found


def open_file(*, token: str, asking: Any, headers_only: bool = False) -> Download | None:
    """Open the file that a link of our API leads to; what it was given out for has been written down then.

    :param asking: who follows the link, as far as the request tells.
    :returns: ``None`` as above.
    :raises StorageUnavailable: the storage does not answer.
    """
    file = resolve_file_link(token, asking=asking)
    if file is None:
        return None
    try:
        return _reach(file, headers_only=headers_only, signed_elsewhere=False)
    except FileMissing:
        return None


def _may_receive(delivery: Delivery) -> bool:
    try:
        return not reason_to_withhold(delivery)
    except (UnknownPlugin, InvalidPlugin):  # its channel is not in use any more
        return False


def _reach(file: ReportFile, *, headers_only: bool, signed_elsewhere: bool) -> Download:
    if headers_only:
        require_stored(file)
        return Download(file=file)
    url = presigned_url(file, life=mailed_url_life()) if signed_elsewhere else ""
    if url:
        require_stored(file)
        return Download(file=file, url=url)
    return Download(file=file, content=open_stored(file))
