"""The task that deletes what is past its retention."""

from __future__ import annotations

from celery import shared_task

from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.purge import purge as purge_batches
from django_report_scheduling.services.reconnection import drop_broken_connection
from django_report_scheduling.tasks import names


@shared_task(name=names.PURGE, ignore_result=True)
def purge() -> None:
    """Delete expired files and rows, batch by batch."""
    drop_broken_connection()
    for _deleted in purge_batches(now=database_now()):
        pass
