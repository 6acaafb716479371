"""The host's report types, found at start-up."""

from __future__ import annotations

from django_report_scheduling.reports import register
from tests.sample_report import SampleReport

register(SampleReport)
