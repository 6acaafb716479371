"""Whether a tick has anything to do: one cheap question, so that an idle tick opens no transaction for each part."""

from __future__ import annotations

import datetime as dt

from django.db import router
from django.db.models import Exists, Q

from django_report_scheduling.choices import LIVE_DELIVERY_STATUSES, LIVE_REPORT_STATUSES
from django_report_scheduling.models import Delivery, GeneratedReport, Heartbeat, ReportSchedule
from django_report_scheduling.services.heartbeats import TICK


def anything_waits(*, now: dt.datetime) -> bool:
    """Whether a schedule is due, or the time of a live report or delivery has come.

    It is asked of the row of the tick's own heartbeat, because Django asks nothing without a table.

    :param now: aware, the database's clock.
    """
    woken = {"wake_at__lte": now}
    due = Exists(ReportSchedule.objects.due(now=now).order_by())
    reports = Exists(GeneratedReport.objects.filter(status__in=LIVE_REPORT_STATUSES, **woken))
    deliveries = Exists(Delivery.objects.filter(status__in=LIVE_DELIVERY_STATUSES, **woken))
    heartbeat = Heartbeat.objects.using(router.db_for_write(Heartbeat)).filter(name=TICK)
    return heartbeat.filter(Q(due) | Q(reports) | Q(deliveries)).exists()
