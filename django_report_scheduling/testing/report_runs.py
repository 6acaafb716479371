"""Running a report type by itself: no schedule, no rows, no Celery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import translation

from django_report_scheduling.choices import Frequency
from django_report_scheduling.period import Period
from django_report_scheduling.recurrence import previous_period
from django_report_scheduling.rendering import Document
from django_report_scheduling.rendering.locales import translation_language
from django_report_scheduling.reports import AccountProfile, AnyReport, ReportContent, ReportRequest

ACCOUNT = AccountProfile(id="1", slug="test", name="Test account")


def query_report(
    report_type: type[AnyReport],
    *,
    period: Period,
    parameters: Mapping[str, Any] | None = None,
    account: AccountProfile = ACCOUNT,
    generated_at: dt.datetime | None = None,
    frequency: Frequency = Frequency.CUSTOM,
) -> ReportContent:
    """Return the content of a report type for a period, in the language of the account.

    :param parameters: plain values, validated as those of a schedule are.
    :param generated_at: aware; the end of the period when not given.
    :param frequency: tells the period to compare with: a month has the month before it, a custom
        period the same length of time.
    :raises InvalidParameters: as a schedule with these parameters would.
    """
    report = report_type()
    request = ReportRequest(
        account=account,
        period=period,
        previous_period=previous_period(period, frequency=frequency),
        parameters=report.parameters.parse(parameters or {}),
        generated_at=generated_at or period.end,
    )
    with translation.override(translation_language(account.locale)):
        return report.query(request)


def make_document(
    content: ReportContent,
    *,
    period: Period,
    title: str = "Test report",
    account: AccountProfile = ACCOUNT,
    preview: bool = False,
) -> Document:
    """Return a document with this content, for a renderer to put into a file."""
    return Document(
        report_type="test",
        title=title,
        account=account,
        period=period,
        parameters={},
        content=content,
        generated_at=period.end,
        preview=preview,
    )
