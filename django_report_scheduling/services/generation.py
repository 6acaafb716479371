"""Making one report: query, render each format, store, finish.

No lock and no transaction is held while the query, the renderers or the storage work.
"""

from __future__ import annotations

import datetime as dt
import logging
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import Error as DatabaseFailure

from django_report_scheduling.choices import ErrorCode, ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import InvalidPlugin, UnknownPlugin
from django_report_scheduling.models import GeneratedReport, ReportFile
from django_report_scheduling.rendering import Document, Renderer, renderers
from django_report_scheduling.services.attempts import AttemptFailed
from django_report_scheduling.services.documents import build_document
from django_report_scheduling.services.error_traces import trace
from django_report_scheduling.services.lateness import expire_if_late
from django_report_scheduling.services.lease import LeaseKeeper
from django_report_scheduling.services.reconnection import drop_broken_connection, insist
from django_report_scheduling.services.report_claims import claim_report, fail_attempt, finish_report
from django_report_scheduling.services.report_storage import discard_attempt, store
from django_report_scheduling.services.report_targets import report_targets
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
    if expire_if_late(report, now=clock()):
        return ReportStatus.EXPIRED
    files: list[ReportFile] = []
    try:
        with LeaseKeeper(report, clock=clock):
            document = build_document(report, now=clock())
            files.extend(_files(report, document))
            targets = report_targets(report)
    except Exception as error:  # noqa: BLE001  # whatever it is, the row has to say so
        status = _fail(report, error, clock=clock)
        discard_attempt(report)
        return status
    try:
        finished = _finish(report, files, targets, clock=clock)
    except Exception as error:  # noqa: BLE001  # as above
        # The files stay: the commit may have succeeded although its answer was lost. If it has not, they are orphans
        # that the purge finds, and the fence lets the failure be recorded.
        return _fail(report, error, clock=clock)
    if not finished:
        discard_attempt(report)
    return ReportStatus.SUCCEEDED if finished else None


def _finish(
    report: GeneratedReport,
    files: Sequence[ReportFile],
    targets: Sequence[tuple[str, str]],
    *,
    clock: Callable[[], dt.datetime],
) -> bool:
    if insist(lambda: finish_report(report, files=files, targets=targets, now=clock())):
        return True
    # The claim is void, or an earlier try came through although its answer was lost.
    stored = GeneratedReport.objects.fresh().filter(pk=report.pk, attempt=report.attempt)
    return stored.filter(status=ReportStatus.SUCCEEDED).exists()


def _fail(report: GeneratedReport, error: Exception, *, clock: Callable[[], dt.datetime]) -> ReportStatus | None:
    failure = _as_failure(error)
    logger.warning("Report %s failed with %s: %s", report.pk, failure.code, trace(error))
    drop_broken_connection()
    code, message, permanent = ErrorCode(failure.code), str(failure), failure.permanent
    try:
        return insist(lambda: fail_attempt(report, code=code, message=message, permanent=permanent, now=clock()))
    except DatabaseFailure as broken:
        name = type(broken).__name__
        logger.error("The failure of report %s could not be recorded (%s); its lease will run out.", report.pk, name)  # noqa: TRY400  # the traceback may hold data
        return None


def _as_failure(error: Exception) -> AttemptFailed:
    if timed_out(error):
        message = f"The report took longer than {conf.SOFT_TIME_LIMIT} seconds and was stopped."
        return AttemptFailed(ErrorCode.TIMED_OUT, message)
    if isinstance(error, AttemptFailed):
        return error
    return AttemptFailed.caused_by(error, ErrorCode.INTERNAL, "Making the report failed")


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
