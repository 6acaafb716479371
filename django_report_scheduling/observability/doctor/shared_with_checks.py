"""What the system checks and the probes have in common; apart from the probes, so that start-up stays quick."""

from __future__ import annotations

from typing import Final

ALL_CHECKS_TAG: Final = "report_scheduling"
"""Tag of every system check of the package: ``manage.py check --tag report_scheduling``."""

SETTINGS_CHECKS_TAG: Final = "report_scheduling_settings"
"""Tag of those that are about settings, not about plug-ins, which have probes of their own."""

SQLITE_OPTIONS: Final = (
    '{"timeout": 20, "transaction_mode": "IMMEDIATE", '
    '"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}'
)
"""What ``DATABASES[…]["OPTIONS"]`` should be for SQLite."""
