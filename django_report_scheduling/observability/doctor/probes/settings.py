"""The settings, by the package's own system checks."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import checks

from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.shared_with_checks import SETTINGS_CHECKS_TAG


class SettingsProbe(Probe):
    """Runs the system checks of the settings, those for production included."""

    part = "settings"

    def run(self) -> Iterable[Finding]:
        """Yield a finding for each message of the checks."""
        if not checks.tag_exists(SETTINGS_CHECKS_TAG, include_deployment_checks=True):
            yield self.fail(
                "The system checks of the package are not registered.",
                fix="Let an AppConfig that replaces ours inherit from ReportSchedulingConfig and call super().ready().",
            )
            return
        messages = checks.run_checks(tags=[SETTINGS_CHECKS_TAG], include_deployment_checks=True)
        yield from self.from_checks(messages)
        if not messages:
            yield self.ok("Every setting is sound.")
