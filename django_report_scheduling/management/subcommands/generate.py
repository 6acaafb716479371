"""``generate``: make one report now."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from django_report_scheduling.choices import DeliveryStatus, ReportStatus
from django_report_scheduling.management import report_run
from django_report_scheduling.management.lookup import find_schedule
from django_report_scheduling.management.report_file import format_for, write_report
from django_report_scheduling.management.slots import find_slot
from django_report_scheduling.management.subcommands.base import Subcommand
from django_report_scheduling.models import GeneratedReport, ReportSchedule
from django_report_scheduling.services.clock import database_now

DELIVERED = (DeliveryStatus.SENT, DeliveryStatus.SUPPRESSED)


class Generate(Subcommand):
    """Makes the report in this process, with or without storing and sending it."""

    help = (
        "Make the report of one slot of a schedule, store it and deliver it; the worker need not run. "
        "With --output, only write it to a file: nothing is stored or sent."
    )

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declare schedule, slot and file."""
        parser.add_argument("schedule", metavar="SCHEDULE", help="Id of the schedule, or its exact name.")
        parser.add_argument(
            "--slot",
            metavar="ISO",
            help="Due time to make the report of, as 2026-03-02T08:00 (in the schedule's zone) or with an offset; "
            "default: the newest one.",
        )
        parser.add_argument(
            "--output", type=Path, metavar="FILE", help="File to write; its extension names the format, e.g. .pdf."
        )

    def run(self, **options: Any) -> None:
        """Make the report.

        :raises CommandError: it could not be made, or did not reach everybody.
        """
        output: Path | None = options["output"]
        if output is not None:
            format_for(output)
        schedule = find_schedule(options["schedule"])
        slot = find_slot(schedule, options["slot"], now=database_now())
        if output is not None:
            self._write(schedule, slot, output)
        else:
            self._make(schedule, slot)

    def _write(self, schedule: ReportSchedule, slot: dt.datetime, file: Path) -> None:
        with self.progress:
            size = write_report(
                schedule,
                slot=slot,
                file=file,
                now=database_now(),
                tell=lambda what: self.progress.show(f"“{schedule.name}”: {what}"),
            )
        self.stdout.write(f"{file}  {size} bytes")

    def _make(self, schedule: ReportSchedule, slot: dt.datetime) -> None:
        report = report_run.report_of_slot(schedule, slot=slot)
        if report.status == ReportStatus.SUCCEEDED:
            self.stdout.write(
                f"The report {report.pk} of this slot exists already and is not made again. To look at it with "
                f"today's data use --output FILE; to send it again use “redeliver” in the admin or the API."
            )
        else:
            with self.progress:
                self.progress.show(f"“{schedule.name}”: making the report …")
                report = report_run.make(report)
            self.stdout.write(f"The report {report.pk} was made in {report.generation_time_ms} ms.")
        with self.progress:
            self.progress.show(f"“{schedule.name}”: delivering …")
            report_run.deliver(report)
        self._tell(report)

    def _tell(self, report: GeneratedReport) -> None:
        for file in report.files.order_by("format"):
            self.stdout.write(f"  file      {file.name}  {file.size} bytes")
        deliveries = list(report.deliveries.order_by("channel", "target"))
        for delivery in deliveries:
            why = f"  {delivery.error_code}: {delivery.error_message}" if delivery.error_message else ""
            self.stdout.write(f"  {delivery.channel.ljust(8)}  {delivery.target}  {delivery.status}{why}")
        counts = Counter(delivery.status for delivery in deliveries)
        outcome = ", ".join(f"{number} {status}" for status, number in sorted(counts.items()))
        self.stdout.write(f"Deliveries: {outcome or 'none, the schedule has no recipients'}.")
        missed = sum(number for status, number in counts.items() if status not in DELIVERED)
        if missed:
            msg = (
                f"{missed} of {len(deliveries)} deliveries did not get through; "
                f"pending ones are tried again by the tick."
            )
            raise CommandError(msg)
