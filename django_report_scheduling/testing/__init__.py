"""What a host needs to test its own report types, renderers and channels; our own tests use it too."""

from __future__ import annotations

from django_report_scheduling.testing.recording_channel import RecordingChannel
from django_report_scheduling.testing.report_runs import make_document, query_report

__all__ = ["RecordingChannel", "make_document", "query_report"]
