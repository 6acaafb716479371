"""Making one report: query, render each format, store, finish.

No lock and no transaction is held while the query, the renderers or the storage work.
"""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

from django.db import close_old_connections, connection

from django_report_scheduling.choices import ErrorCode, ReportStatus, Trigger
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import InvalidPlugin, UnknownPlugin
from django_report_scheduling.models import GeneratedReport, ReportFile
from django_report_scheduling.rendering import Document, Renderer, renderers
from django_report_scheduling.services.attempts import AttemptFailed
from django_report_scheduling.services.documents import build_document
from django_report_scheduling.services.error_traces import trace
from django_report_scheduling.services.lease import LeaseKeeper
from django_report_scheduling.services.report_claims import claim_report, fail_attempt, finish_report
from django_report_scheduling.services.report_storage import discard, store
from django_report_scheduling.services.time_limits import timed_out

logger = logging.getLogger(__name__)

ASK_DOCTOR = "`manage.py report_scheduling doctor` tries the storage and names the fix."
MEMORY_LIMIT = 5_000_000
"""Bytes of a rendered file that are kept in memory before it moves to a temporary file."""


def generate_report(*, report_id: Any, attempt: int, clock: Callable[[], dt.datetime]) -> ReportStatus | None:
    """Make the report that a message names.

    :param attempt: the attempt that the message was sent for.
    :param clock: returns the current time, aware; the database's clock outside tests.
    :returns: the state in which the attempt left the report; ``None`` when there was nothing to do for this message.
    """
    report = claim_report(report_id=report_id, attempt=attempt, now=clock())
    if report is None:
        logger.info("The message for report %s, attempt %s, is stale.", report_id, attempt)
        return None
    files: list[ReportFile] = []
    try:
        with LeaseKeeper(report, clock=clock):
            document = build_document(report, now=clock())
            files.extend(_files(report, document))
    except Exception as error:  # noqa: BLE001  # whatever it is, the row has to say so
        discard(file.key for file in files)
        return _fail(report, error, now=clock())
    try:
        finished = finish_report(report, files=files, targets=_targets(report), now=clock())
    except Exception as error:  # noqa: BLE001  # as above
        # The files stay: the commit may have succeeded although its answer was lost. If it has not, they are orphans
        # that the purge finds, and the fence lets the failure be recorded.
        if not connection.in_atomic_block:
            close_old_connections()
        return _fail(report, error, now=clock())
    if not finished:
        discard(file.key for file in files)
    return ReportStatus.SUCCEEDED if finished else None


def _fail(report: GeneratedReport, error: Exception, *, now: dt.datetime) -> ReportStatus | None:
    if timed_out(error):
        message = f"The report took longer than {conf.SOFT_TIME_LIMIT} seconds and was stopped."
        failure = AttemptFailed(ErrorCode.TIMED_OUT, message)
    elif isinstance(error, AttemptFailed):
        failure = error
    else:
        failure = AttemptFailed.caused_by(error, ErrorCode.INTERNAL, "Making the report failed")
    logger.warning("Report %s failed with %s: %s", report.pk, failure.code, trace(error))
    return fail_attempt(
        report, code=ErrorCode(failure.code), message=str(failure), permanent=failure.permanent, now=now
    )


def render_to(document: Document, *, format_name: str, output: Any) -> Renderer:
    """Render a document into an open binary stream and return the renderer that did it.

    :raises AttemptFailed: the format is not configured, or the renderer raised.
    """
    try:
        renderer = renderers[format_name]
    except (InvalidPlugin, UnknownPlugin) as error:
        raise AttemptFailed(ErrorCode.UNKNOWN_FORMAT, str(error), permanent=True) from error
    try:
        renderer.render(document, output)
    except Exception as error:
        raise AttemptFailed.caused_by(error, ErrorCode.RENDER_FAILED, f"Rendering as {format_name} failed") from error
    return renderer


def _files(report: GeneratedReport, document: Document) -> Iterator[ReportFile]:
    for format_name in report.formats:
        with tempfile.SpooledTemporaryFile(max_size=MEMORY_LIMIT) as content:
            renderer = render_to(document, format_name=format_name, output=content)
            try:
                stored = store(report, format_name=format_name, renderer=renderer, content=content)
            except Exception as error:
                what = f"Storing the {format_name} file in the storage {conf.STORAGE!r} failed"
                raise AttemptFailed.caused_by(error, ErrorCode.STORAGE_FAILED, what, hint=ASK_DOCTOR) from error
        yield stored


def _targets(report: GeneratedReport) -> list[tuple[str, str]]:
    if report.trigger == Trigger.PREVIEW:
        return [("email", report.requested_by.email)] if report.requested_by and report.requested_by.email else []
    if report.schedule is None:
        return []
    return [("email", address) for address in report.schedule.recipients]
