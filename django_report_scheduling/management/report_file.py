"""One report into one file of the operator's choice, without a trace in database and storage."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import CommandError

from django_report_scheduling.choices import Trigger
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.recurrence import period_for
from django_report_scheduling.rendering import renderers
from django_report_scheduling.services.attempts import AttemptFailed
from django_report_scheduling.services.documents import build_document
from django_report_scheduling.services.generation import render_to
from django_report_scheduling.services.new_reports import new_report


def format_for(file: Path) -> str:
    """Return the configured format that the extension of a file names.

    :raises CommandError: there is none.
    """
    extension = file.suffix.removeprefix(".").lower()
    by_extension = {renderers[alias].extension: alias for alias in reversed(list(renderers))}
    if extension in renderers:
        return extension
    if extension in by_extension:
        return by_extension[extension]
    endings = ", ".join(f".{known}" for known in sorted(by_extension))
    msg = f"The file name must end in one of {endings}, got {file.name!r}."
    raise CommandError(msg)


def write_report(
    schedule: ReportSchedule, *, slot: dt.datetime, file: Path, now: dt.datetime, tell: Callable[[str], None]
) -> int:
    """Make the report of a slot and write it to a file, whole or not at all; returns the bytes.

    :param tell: hears what is being done.
    :raises CommandError: the file cannot be written, or the report cannot be made.
    """
    format_name = format_for(file)
    period = period_for(schedule.as_recurrence(), slot=slot)
    report = new_report(schedule, slot=slot, period=period, trigger=Trigger.MANUAL, now=now)
    report.account = schedule.account
    with replaced(file) as output:
        try:
            tell("running the query …")
            document = build_document(report, now=now)
            tell(f"rendering {format_name} …")
            render_to(document, format_name=format_name, output=output)
        except AttemptFailed as error:
            msg = f"{error.code}: {error} (--traceback shows where.)"
            raise CommandError(msg) from error
        return output.seek(0, 2)


@contextmanager
def replaced(file: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that takes the place of ``file`` at the end; after an error ``file`` is as before.

    :raises CommandError: the folder is missing or cannot be written to.
    """
    if file.is_dir():
        msg = f"{str(file)!r} is a folder; name a file in it."
        raise CommandError(msg)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")
    try:
        output = beside.open("x+b")
    except OSError as error:
        msg = (
            f"Cannot write to the folder {str(file.parent)!r}: {error.strerror}. Name a file in a folder that is yours."
        )
        raise CommandError(msg) from error
    try:
        with output:
            yield output
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
