"""``rotate-secrets``: bring what is sealed under the newest key, so that older keys can go."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import CommandError

from django_report_scheduling.management.subcommands.base import Subcommand
from django_report_scheduling.models import WebhookEndpoint
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.webhooks.secrets import reseal_secrets


class RotateSecrets(Subcommand):
    """Works batch by batch; may be interrupted at any time, and repeated."""

    help = (
        'Encrypt the secrets of all webhooks with the first of REPORT_SCHEDULING["SECRET_KEYS"]. They stay the same, '
        "so that receivers notice nothing."
    )

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declare nothing: the keys are a setting."""

    def run(self, **_options: Any) -> None:
        """Encrypt anew, and count.

        :raises CommandError: there is no key, or some secrets cannot be opened with any of them.
        """
        changed = failed = 0
        try:
            with self.progress:
                for now_changed, now_failed in reseal_secrets(now=database_now()):
                    changed, failed = changed + now_changed, failed + now_failed
                    self.progress.show(f"{changed} webhooks changed …")
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        total = WebhookEndpoint.objects.count()
        self.stdout.write(f"{changed} of {total} webhooks were encrypted anew with the newest key.")
        if failed:
            msg = (
                f"The secrets of {failed} webhooks cannot be opened with any key, and were left as they are; the log "
                f"names them. Put the key back that they were made with, or have their managers rotate them."
            )
            raise CommandError(msg)
