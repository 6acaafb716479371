"""There is something to report."""

from __future__ import annotations

from collections.abc import Iterable

from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.reports import registry


class ReportTypesProbe(Probe):
    """Counts the registered report types and lets each check itself."""

    part = "report types"

    def run(self) -> Iterable[Finding]:
        """Yield which ones there are and what is wrong with them."""
        if not len(registry):
            yield self.fail(
                "No report type is registered.",
                fix=(
                    'Add "django_report_scheduling.contrib.web_analytics" to INSTALLED_APPS, or register your own in '
                    "the reports.py of an installed app with @register."
                ),
            )
            return
        problems = [finding for report in registry for finding in self.from_checks(report.check())]
        yield from problems
        if not problems:
            yield self.ok(f"Registered: {', '.join(report.key for report in registry)}.")
