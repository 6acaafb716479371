"""Registers the three report types; found by the package's autodiscovery."""

from __future__ import annotations

from django_report_scheduling.contrib.web_analytics.report_types.conversion_report import ConversionReport
from django_report_scheduling.contrib.web_analytics.report_types.performance_summary import PerformanceSummary
from django_report_scheduling.contrib.web_analytics.report_types.traffic_analysis import TrafficAnalysis
from django_report_scheduling.reports import register

__all__ = ["ConversionReport", "PerformanceSummary", "TrafficAnalysis"]

register(PerformanceSummary)
register(TrafficAnalysis)
register(ConversionReport)
