"""The configured delivery channels, by name."""

from __future__ import annotations

from django_report_scheduling.conf import conf
from django_report_scheduling.delivery.base import DeliveryChannel
from django_report_scheduling.plugins import PluginHandler

channels: PluginHandler[DeliveryChannel] = PluginHandler(
    setting="CHANNELS", base=DeliveryChannel, configured=lambda: conf.CHANNELS
)
"""Name → channel."""
