"""Renderers: a document in, a file out."""

from __future__ import annotations

from django_report_scheduling.rendering.base import Document, Renderer
from django_report_scheduling.rendering.handler import renderers

__all__ = ["Document", "Renderer", "renderers"]
