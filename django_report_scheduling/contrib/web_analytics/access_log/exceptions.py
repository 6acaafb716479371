"""What can be wrong with a log as a whole."""

from __future__ import annotations

from django_report_scheduling.exceptions import ReportSchedulingError


class AccessLogError(ReportSchedulingError):
    """The log cannot be read."""

    code = "unusable_log"
