"""Where report files lie, and nothing about what is in them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from typing import IO

from django.core.files import File
from django.core.files.storage import Storage, storages
from django.utils.text import get_valid_filename

from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import InvalidPlugin, UnknownPlugin
from django_report_scheduling.models import GeneratedReport, ReportFile
from django_report_scheduling.rendering import Renderer, renderers

logger = logging.getLogger(__name__)

PREFIX = "reports"
CHUNK = 1 << 20


def report_storage() -> Storage:
    """Return the storage that ``REPORT_SCHEDULING["STORAGE"]`` names."""
    return storages[conf.STORAGE]


def is_key(key: str) -> bool:
    """Whether a key is of the form of ours: below :data:`PREFIX`, and with no way out of it."""
    first, *others = key.split("/")
    return first == PREFIX and bool(others) and all(map(_is_plain, others))


def _is_plain(part: str) -> bool:
    return part not in {"", ".", ".."} and part.isprintable() and "\\" not in part


def file_key(report: GeneratedReport, *, attempt: int, format_name: str, extension: str) -> str:
    """Return the key of a file: ids and the attempt, nothing that a person typed.

    The attempt keeps a late worker from writing over the file of the one that replaced it.
    """
    return f"{PREFIX}/{report.account_id}/{report.pk}/{attempt}{_distinction(format_name, extension)}.{extension}"


def store(report: GeneratedReport, *, format_name: str, renderer: Renderer, content: IO[bytes]) -> ReportFile:
    """Store a rendered file and return its row, not yet saved.

    :raises OSError: the storage refuses, or kept another number of bytes; what other errors there are depends on it.
    """
    checksum, size = _measure(content)
    content.seek(0)
    key = file_key(report, attempt=report.attempt, format_name=format_name, extension=renderer.extension)
    key = report_storage().save(key, File(content, name=key))
    _require_whole(key, size)
    return ReportFile(
        report=report,
        format=format_name,
        key=key,
        name=_file_name(report, format_name, renderer.extension),
        content_type=renderer.content_type,
        size=size,
        sha256=checksum,
    )


def discard_attempt(report: GeneratedReport) -> None:
    """Delete what the present attempt may have stored, also a file whose storage took it without saying so.

    One that cannot be deleted is logged and left to the purge.
    """
    for key in _keys(report, attempts=[report.attempt], formats=report.formats):
        try:
            report_storage().delete(key)
        except Exception:  # every storage raises its own kinds, and the next file has to go too
            logger.warning("The file %s could not be deleted; the purge will try again.", key, exc_info=True)


def possible_keys(report: GeneratedReport) -> list[str]:
    """Return every key that any attempt of a report can have written, whether or not a row tells of it."""
    return _keys(report, attempts=range(1, report.attempt + 1), formats=renderers)


def _keys(report: GeneratedReport, *, attempts: Iterable[int], formats: Iterable[str]) -> list[str]:
    extensions = [(name, extension) for name in formats if (extension := _extension(name))]
    return [
        file_key(report, attempt=attempt, format_name=name, extension=extension)
        for attempt in attempts
        for name, extension in extensions
    ]


def _extension(format_name: str) -> str | None:
    try:
        return renderers[format_name].extension
    except (InvalidPlugin, UnknownPlugin):  # not installed here; where it is, its files are in the table, or orphans
        return None


def _require_whole(key: str, size: int) -> None:
    # An upload that broke off may look like one that went well.
    try:
        kept = report_storage().size(key)
    except NotImplementedError:
        return
    if kept != size:
        msg = f"The storage kept {kept} of {size} bytes."
        raise OSError(msg)


def _measure(content: IO[bytes]) -> tuple[str, int]:
    checksum, size = hashlib.sha256(), 0
    content.seek(0)
    while chunk := content.read(CHUNK):
        checksum.update(chunk)
        size += len(chunk)
    return checksum.hexdigest(), size


def _file_name(report: GeneratedReport, format_name: str, extension: str) -> str:
    stem = f"{report.account.slug}-{report.report_type}-{report.period.first_day.isoformat()}"
    return get_valid_filename(f"{stem}{_distinction(format_name, extension)}.{extension}")


def _distinction(format_name: str, extension: str) -> str:
    # Two formats may share an extension, e.g. a plain and a tagged PDF.
    return "" if format_name == extension else f"-{format_name}"
