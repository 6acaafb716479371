"""``purge``: delete what is past its retention."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from django_report_scheduling.management.subcommands.base import Subcommand
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.purge import purge


class Purge(Subcommand):
    """Deletes batch by batch; may be interrupted at any time."""

    help = (
        'Delete reports and their files that are older than REPORT_SCHEDULING["RETENTION"]. Beat does so every night.'
    )

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declare nothing: the retention is a setting."""

    def run(self, **_options: Any) -> None:
        """Purge, and count.

        :raises CommandError: the storage kept files.
        """
        now = database_now()
        total = 0
        with self.progress:
            for deleted in purge(now=now):
                total += deleted
                self.progress.show(f"{total} reports deleted …")
        self.stdout.write(f"{total} reports deleted.")
        kept = GeneratedReport.objects.filter(expires_at__lte=now).count()
        if kept:
            msg = (
                f"{kept} reports are kept because the storage did not delete their files; the log says why. "
                f"“python manage.py report_scheduling doctor” tests the storage."
            )
            raise CommandError(msg)
