"""Celery tasks: ids in, a service called. Their names are frozen, because queued messages carry them."""

from __future__ import annotations

from django_report_scheduling.tasks import deliver, generate, purge, tick

__all__ = ["deliver", "generate", "purge", "tick"]
