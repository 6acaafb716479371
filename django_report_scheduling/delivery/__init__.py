"""Delivery channels: one event to one target."""

from __future__ import annotations

from django_report_scheduling.delivery.base import DeliveryChannel, DeliveryFile, DeliveryRequest, HttpMessage, Receipt
from django_report_scheduling.delivery.finished_report import FinishedReport
from django_report_scheduling.delivery.handler import channels

__all__ = [
    "DeliveryChannel",
    "DeliveryFile",
    "DeliveryRequest",
    "FinishedReport",
    "HttpMessage",
    "Receipt",
    "channels",
]
