"""A report type that costs nothing, so that only what is around it is measured."""

from __future__ import annotations

from dataclasses import dataclass

from django import forms

from django_report_scheduling.reports import (
    Figure,
    Headline,
    Parameters,
    Report,
    ReportContent,
    ReportRequest,
    parameter,
)


@dataclass(frozen=True, kw_only=True)
class BenchmarkParameters(Parameters):
    """One number, so that parameters are there to be frozen."""

    rows: int = parameter(forms.IntegerField(min_value=1, max_value=100), default=2)


class BenchmarkReport(Report[BenchmarkParameters]):
    """One figure."""

    key = "benchmark"
    title = "Benchmark report"
    parameters = BenchmarkParameters

    def query(self, request: ReportRequest[BenchmarkParameters]) -> ReportContent:
        """Return the parameter."""
        rows = request.parameters.rows
        return ReportContent(metrics={"rows": rows}, blocks=(Headline(figures=(Figure(label="Rows", value=rows),)),))
