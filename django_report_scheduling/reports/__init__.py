"""Report types: what a host subclasses and registers."""

from __future__ import annotations

from django_report_scheduling.reports.account_profile import AccountProfile
from django_report_scheduling.reports.base import Report, ReportRequest
from django_report_scheduling.reports.blocks import (
    Block,
    Chart,
    ChartKind,
    Column,
    Figure,
    Headline,
    PageBreak,
    ReportContent,
    Scalar,
    Series,
    Table,
    Text,
    Unit,
)
from django_report_scheduling.reports.parameters import Parameters, parameter
from django_report_scheduling.reports.registry import AnyReport, ReportRegistry, register, registry

__all__ = [
    "AccountProfile",
    "AnyReport",
    "Block",
    "Chart",
    "ChartKind",
    "Column",
    "Figure",
    "Headline",
    "PageBreak",
    "Parameters",
    "Report",
    "ReportContent",
    "ReportRegistry",
    "ReportRequest",
    "Scalar",
    "Series",
    "Table",
    "Text",
    "Unit",
    "parameter",
    "register",
    "registry",
]
