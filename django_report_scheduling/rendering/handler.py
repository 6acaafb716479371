"""The configured renderers, by format."""

from __future__ import annotations

from django_report_scheduling.conf import conf
from django_report_scheduling.plugins import PluginHandler
from django_report_scheduling.rendering.base import Renderer

renderers: PluginHandler[Renderer] = PluginHandler(
    setting="RENDERERS", base=Renderer, configured=lambda: conf.RENDERERS
)
"""Format → renderer."""
