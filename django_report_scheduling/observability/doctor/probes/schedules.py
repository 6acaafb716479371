"""Every schedule names a report type and formats that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.rendering import renderers
from django_report_scheduling.reports import registry

NAMED = 5


class SchedulesProbe(Probe):
    """Compares the schedules that have not ended with what is installed."""

    part = "schedules"
    requires = ("database", "migrations")

    def run(self) -> Iterable[Finding]:
        """Yield what no report can be made of."""
        schedules = ReportSchedule.objects.exclude(state=ScheduleState.ENDED)
        problems = [*self._unknown_types(schedules), *self._unknown_formats(schedules)]
        yield from problems
        if not problems:
            yield self.ok(f"{schedules.count()} schedules; every report type and format exists.")

    def _unknown_types(self, schedules: QuerySet[ReportSchedule]) -> Iterator[Finding]:
        for key in schedules.order_by("report_type").values_list("report_type", flat=True).distinct():
            if key not in registry:
                users = _named(schedules.filter(report_type=key))
                yield self.fail(
                    f"The report type “{key}” is not registered, but used by {users}.",
                    fix=f"Install the app whose reports.py registers “{key}” again, or delete these schedules.",
                )

    def _unknown_formats(self, schedules: QuerySet[ReportSchedule]) -> Iterator[Finding]:
        # Lists of formats are compared as a whole: there are few different ones, however many schedules there are.
        for formats in schedules.order_by().values_list("formats", flat=True).distinct():
            unknown = [name for name in formats if name not in renderers]
            if unknown:
                yield self.fail(
                    f"The format {', '.join(unknown)} is not configured, but used by "
                    f"{_named(schedules.filter(formats=formats))}.",
                    fix=f'Add it to REPORT_SCHEDULING["RENDERERS"], or take one of {", ".join(renderers)}.',
                )


def _named(schedules: QuerySet[ReportSchedule]) -> str:
    names = [f"“{name}” ({pk})" for pk, name in schedules.order_by("pk").values_list("pk", "name")[:NAMED]]
    more = schedules.count() - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")
