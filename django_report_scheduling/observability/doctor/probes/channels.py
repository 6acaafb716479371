"""The delivery channels load and find nothing wrong."""

from __future__ import annotations

from collections.abc import Iterable

from django_report_scheduling.delivery import channels
from django_report_scheduling.exceptions import InvalidPlugin
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe


class ChannelsProbe(Probe):
    """Lets each configured channel check itself."""

    part = "channels"

    def run(self) -> Iterable[Finding]:
        """Yield what each one says."""
        for alias in channels:
            try:
                problems = list(self.from_checks(channels[alias].check()))
            except InvalidPlugin as error:
                problems = [self.fail(str(error), fix=f'Correct REPORT_SCHEDULING["CHANNELS"]["{alias}"].')]
            yield from problems or [self.ok(f"“{alias}” is ready.")]
