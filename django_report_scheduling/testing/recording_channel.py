"""A channel that delivers nothing and remembers everything."""

from __future__ import annotations

from typing import ClassVar

from django_report_scheduling.delivery import DeliveryChannel, DeliveryRequest


class RecordingChannel(DeliveryChannel):
    """Remembers what it was asked to deliver.

    .. code-block:: python

        REPORT_SCHEDULING = {
            "CHANNELS": {"email": {"BACKEND": "django_report_scheduling.testing.RecordingChannel"}}
        }
    """

    requests: ClassVar[list[DeliveryRequest]] = []
    """Everything delivered so far, oldest first; a test clears it."""

    def deliver(self, request: DeliveryRequest) -> None:
        """Remember the request."""
        self.requests.append(request)
