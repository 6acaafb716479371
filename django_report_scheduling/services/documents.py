"""From a claimed report to the document that renderers put into files."""

from __future__ import annotations

import datetime as dt
import logging

from django.utils import translation

from django_report_scheduling.choices import ErrorCode, Frequency, Trigger
from django_report_scheduling.exceptions import InvalidParameters, UnknownReportType
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.recurrence import previous_period
from django_report_scheduling.rendering import Document
from django_report_scheduling.rendering.locales import translation_language
from django_report_scheduling.reports import AnyReport, Parameters, ReportContent, ReportRequest, registry
from django_report_scheduling.services.account_profiles import account_profile
from django_report_scheduling.services.attempts import AttemptFailed

logger = logging.getLogger(__name__)


def build_document(report: GeneratedReport, *, now: dt.datetime) -> Document:
    """Run the query of a report, once, and return everything that its files will show.

    :param report: may be unsaved, so that a report can be looked at without leaving a trace.
    :param now: aware; printed as the time of generation.
    :raises AttemptFailed: the report type or its parameters are no longer valid, or the query raised.
    """
    report_type, parameters = _resolve(report)
    profile = account_profile(report.account)
    period = report.period
    request = ReportRequest(
        account=profile,
        period=period,
        previous_period=previous_period(period, frequency=Frequency(report.frequency)),
        parameters=parameters,
        generated_at=now.astimezone(period.start.tzinfo),
    )
    with translation.override(translation_language(profile.locale)):
        content = _query(report_type, request)
        title = str(report_type.title)
    return Document(
        report_type=report.report_type,
        title=title,
        account=profile,
        period=period,
        parameters=parameters.as_json(),
        content=content,
        generated_at=request.generated_at,
        template=report_type.template,
        preview=report.trigger == Trigger.PREVIEW,
    )


def _resolve(report: GeneratedReport) -> tuple[AnyReport, Parameters]:
    try:
        report_type = registry.get(report.report_type)
        return report_type, report_type.parameters.parse(report.parameters)
    except UnknownReportType as error:
        raise AttemptFailed(ErrorCode.UNKNOWN_REPORT_TYPE, str(error), permanent=True) from error
    except InvalidParameters as error:
        raise AttemptFailed(ErrorCode.INVALID_PARAMETERS, str(error), permanent=True) from error


def _query(report_type: AnyReport, request: ReportRequest[Parameters]) -> ReportContent:
    try:
        return report_type.query(request)
    except Exception as error:
        raise AttemptFailed.caused_by(
            error, ErrorCode.QUERY_FAILED, f"The query of “{report_type.key}” failed"
        ) from error
