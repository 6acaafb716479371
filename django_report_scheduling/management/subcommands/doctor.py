"""``doctor``: say whether everything is there that a report needs."""

from __future__ import annotations

import dataclasses
import json
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any, Final

from django.core.management.base import CommandError

from django_report_scheduling.management.subcommands.base import Subcommand
from django_report_scheduling.observability.doctor import Finding, Status, examine
from django_report_scheduling.observability.doctor.probes import PROBES

COLUMN: Final = 14


class Doctor(Subcommand):
    """Prints a line for each finding as it comes, with the fix on the next one."""

    help = "Try every part for real, from the database to the fonts, and say how to mend what does not work."
    checks_itself = True

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declare the format of the output."""
        parser.add_argument("--json", action="store_true", help="Print one JSON object, for machines.")

    def run(self, **options: Any) -> None:
        """Run every probe.

        :raises CommandError: a part failed.
        """
        probes = [probe() for probe in PROBES]
        findings = examine(probes)
        seen = self._as_json(findings) if options["json"] else self._as_lines(findings)
        failed = sorted({finding.part for finding in seen if finding.status == Status.FAIL})
        if failed:
            parts = "part does" if len(failed) == 1 else "parts do"
            msg = f"{len(failed)} {parts} not work: {', '.join(failed)}."
            raise CommandError(msg)

    def _as_json(self, findings: Iterable[Finding]) -> list[Finding]:
        seen = list(findings)
        healthy = all(finding.status != Status.FAIL for finding in seen)
        answer = {"healthy": healthy, "findings": [dataclasses.asdict(finding) for finding in seen]}
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))
        return seen

    def _as_lines(self, findings: Iterable[Finding]) -> list[Finding]:
        styles = {
            Status.OK: self.style.SUCCESS,
            Status.WARN: self.style.WARNING,
            Status.FAIL: self.style.ERROR,
            Status.SKIP: self.style.NOTICE,
        }
        seen = []
        for finding in findings:
            status = styles[finding.status](finding.status.value.upper().ljust(4))
            self.stdout.write(f"{status}  {finding.part.ljust(COLUMN)} {finding.message}")
            if finding.fix:
                self.stdout.write(f"      → {finding.fix}")
            self.stdout.flush()
            seen.append(finding)
        return seen
