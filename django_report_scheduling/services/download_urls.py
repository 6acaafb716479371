"""Handing a file to somebody who is logged in: a signed URL that expires, and a line in the record."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _

from django_report_scheduling.access.visibility import visible_files
from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import GeneratedReport, ReportFile
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.file_links import NAMESPACE, file_link
from django_report_scheduling.services.link_life import url_life
from django_report_scheduling.services.presigning import presigned_url
from django_report_scheduling.services.stored_files import require_stored


def issue_download_url(
    *,
    report: GeneratedReport,
    format_name: str | None,
    actor: AbstractUser,
    now: dt.datetime,
    client_ip: str = "",
    namespace: str = NAMESPACE,
) -> str:
    """Return where the actor gets a file of a report, for as long as ``DOWNLOAD_URL_EXPIRY`` says.

    That is a URL signed by the storage where it can do that, and otherwise a path of ours, without scheme and host.
    Whoever has the URL has the file, so that giving it out is what the record calls a download.

    :param format_name: may be left out where the report has one file.
    :param client_ip: for the record: the address of the connection, never one that a client claims.
    :param namespace: of our URLs, for a link of ours.
    :raises ReportFile.DoesNotExist: the actor sees no file of this format.
    :raises WrongState: the report has not succeeded.
    :raises FileMissing: the storage has lost the file.
    :raises StorageUnavailable: the storage does not answer.
    """
    if report.status != ReportStatus.SUCCEEDED:
        raise WrongState(_("The report has no file to download: it has not succeeded."))
    file = _file(report, format_name, actor)
    require_stored(file)
    url = presigned_url(file, life=url_life()) or file_link(file, actor, namespace=namespace)
    data = {"format": file.format} | ({"client_ip": client_ip} if client_ip else {})
    record("report.downloaded", report, at=now, actor=actor, data=data)
    return url


def _file(report: GeneratedReport, format_name: str | None, actor: AbstractUser) -> ReportFile:
    files = visible_files(actor).filter(report=report)
    found = list(files if format_name is None else files.filter(format=format_name))
    if len(found) != 1:
        raise ReportFile.DoesNotExist
    return found[0]
