"""Channels that repeat, or only fail."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from django_report_scheduling.delivery import DeliveryChannel, DeliveryRequest, FinishedReport
from django_report_scheduling.testing import RecordingChannel


class RepeatableChannel(RecordingChannel):
    repeatable = True


class RaisingChannel(DeliveryChannel):
    """Raises what the test put there."""

    error: ClassVar[Exception] = RuntimeError("secret text")

    def targets(self, report: FinishedReport) -> Collection[str]:
        return ["client@customer.example"]

    def deliver(self, request: DeliveryRequest) -> None:
        raise self.error
