"""The test kit runs a report type by itself."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest
from django.utils.translation import get_language

from django_report_scheduling.choices import Frequency
from django_report_scheduling.exceptions import InvalidParameters
from django_report_scheduling.period import Period
from django_report_scheduling.rendering import renderers
from django_report_scheduling.reports import AccountProfile, ReportContent, ReportRequest
from django_report_scheduling.testing import make_document, query_report
from tests.sample_report import SampleParameters, SampleReport

MAY = Period(start=dt.datetime(2015, 5, 1, tzinfo=dt.UTC), end=dt.datetime(2015, 6, 1, tzinfo=dt.UTC))


def test_a_report_type_is_queried_without_schedule_or_database() -> None:
    assert query_report(SampleReport, period=MAY, parameters={"rows": 3}).metrics == {"rows": 3}


def test_bad_parameters_are_refused_as_a_schedule_would() -> None:
    with pytest.raises(InvalidParameters):
        query_report(SampleReport, period=MAY, parameters={"rows": 0})


class SpyReport(SampleReport):
    """Tells what its query was given."""

    def query(self, request: ReportRequest[SampleParameters]) -> ReportContent:
        before = request.previous_period
        return ReportContent(metrics={"days": (before.end - before.start).days}, context={"language": get_language()})


@pytest.mark.parametrize(("frequency", "days"), [(Frequency.MONTHLY, 30), (Frequency.CUSTOM, 31)])
def test_the_frequency_tells_what_a_period_is_compared_with(frequency: Frequency, days: int) -> None:
    assert query_report(SpyReport, period=MAY, frequency=frequency).metrics == {"days": days}


def test_without_a_frequency_a_period_is_compared_with_the_same_length_before_it() -> None:
    assert query_report(SpyReport, period=MAY).metrics == {"days": 31}


def test_the_query_runs_in_the_language_of_the_account_as_in_production() -> None:
    account = AccountProfile(id="1", slug="acme", name="Acme", locale="de-CH")

    assert query_report(SpyReport, period=MAY, account=account).context == {"language": "de-ch"}


def test_its_content_can_be_rendered() -> None:
    output = io.BytesIO()

    renderers["json"].render(make_document(query_report(SampleReport, period=MAY), period=MAY), output)

    assert json.loads(output.getvalue())["metrics"] == {"rows": 2}
