"""What a host may react to. Sent after the commit of the change, in the process that made it.

A process that dies between commit and signal sends none; what must not be lost is read from the rows instead.
"""

from __future__ import annotations

from django.dispatch import Signal

report_succeeded = Signal()
"""A report is finished and stored. Arguments: ``report_id`` (UUID), ``schedule_id`` (UUID or ``None``)."""

report_failed = Signal()
"""A report has failed for good. Arguments: ``report_id`` (UUID), ``schedule_id`` (UUID or ``None``), ``error_code``."""

schedule_state_changed = Signal()
"""A schedule moved to another state. Arguments: ``schedule_id`` (UUID), ``state``, ``reason``."""
