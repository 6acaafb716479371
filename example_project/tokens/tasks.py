"""Housekeeping; beat runs it."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from tokens import families


@shared_task(name="tokens.purge")
def purge() -> int:
    """Delete the logins whose tokens have all expired."""
    return families.purge(now=timezone.now())
