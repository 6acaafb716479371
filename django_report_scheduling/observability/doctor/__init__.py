"""The doctor: every part that a report needs is tried for real, and each fault comes with its fix.

``finding`` is what a probe says, ``probe`` what a probe is, ``examination`` runs them, ``probes`` holds one file per
part. To add a part, add a file there and its class to ``probes.PROBES``.
"""

from __future__ import annotations

from django_report_scheduling.observability.doctor.examination import examine
from django_report_scheduling.observability.doctor.finding import Finding, Status
from django_report_scheduling.observability.doctor.probe import Probe

__all__ = ["Finding", "Probe", "Status", "examine"]
