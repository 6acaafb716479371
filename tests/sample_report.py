"""A report type that needs no data, for tests of everything around it."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from django_report_scheduling.reports import (
    Column,
    Figure,
    Headline,
    Parameters,
    Report,
    ReportContent,
    ReportRequest,
    Table,
    Unit,
    parameter,
)


@dataclass(frozen=True, kw_only=True)
class SampleParameters(Parameters):
    rows: int = parameter(forms.IntegerField(min_value=1, max_value=100), default=2)


class SampleReport(Report[SampleParameters]):
    key = "sample"
    title = "Sample report"
    parameters = SampleParameters

    def query(self, request: ReportRequest[SampleParameters]) -> ReportContent:
        rows = [(f"Row {number}", number) for number in range(request.parameters.rows)]
        columns = (Column(key="name", label="Name"), Column(key="count", label="Count", unit=Unit.NUMBER))
        return ReportContent(
            metrics={"rows": len(rows)},
            blocks=(
                Headline(figures=(Figure(label="Rows", value=len(rows)),)),
                Table(key="rows", title="Rows", columns=columns, rows=rows),
            ),
        )
