"""The names of our tasks, for ever: queued messages and the ``QUEUES`` setting use them."""

from __future__ import annotations

from typing import Final

TICK: Final = "report_scheduling.tick"
GENERATE_REPORT: Final = "report_scheduling.generate_report"
DELIVER: Final = "report_scheduling.deliver"
PURGE: Final = "report_scheduling.purge"
