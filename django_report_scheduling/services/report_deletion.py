"""Deleting the rows of reports with everything that hangs on them."""

from __future__ import annotations

from django.db import router, transaction
from django.db.models import QuerySet

from django_report_scheduling.models import Delivery, GeneratedReport


def delete_reports(reports: QuerySet[GeneratedReport]) -> None:
    """Delete reports; those that no longer match the query when their turn comes stay.

    Their deliveries are locked first: a worker that is about to write down an attempt at one of them would add a row
    between the deletions, and make them fail.
    """
    with transaction.atomic(using=router.db_for_write(GeneratedReport)):
        keys = list(reports.order_by().values_list("pk", flat=True))
        list(Delivery.objects.filter(report__in=keys).order_by("pk").select_for_update().values_list("pk", flat=True))
        reports.filter(pk__in=keys).delete()
