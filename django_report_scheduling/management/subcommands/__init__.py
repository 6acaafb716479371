"""The subcommands of ``manage.py report_scheduling``, one file each."""

from __future__ import annotations

from typing import Final

from django_report_scheduling.management.subcommands.base import Subcommand
from django_report_scheduling.management.subcommands.doctor import Doctor
from django_report_scheduling.management.subcommands.generate import Generate
from django_report_scheduling.management.subcommands.grant import Grant
from django_report_scheduling.management.subcommands.purge import Purge
from django_report_scheduling.management.subcommands.rotate_secrets import RotateSecrets
from django_report_scheduling.management.subcommands.tick import Tick

SUBCOMMANDS: Final[dict[str, type[Subcommand]]] = {
    "doctor": Doctor,
    "tick": Tick,
    "generate": Generate,
    "purge": Purge,
    "grant": Grant,
    "rotate-secrets": RotateSecrets,
}
"""Name → subcommand."""
