"""Last part of a tick: which reports go to the broker now. Marked in the database first, published after the commit.

Two limits hold at every moment, because only one process at a time hands out (:mod:`.pump_lock`): ``MAX_QUEUED`` on
all that wait in the broker, and ``MAX_CONCURRENT_PER_ACCOUNT`` on what an account has there and with the workers. The
second keeps the queue short for the others when one account has thousands of reports due; see the docs on fair share.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Any, Final

from django.db.models import Count

from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.models.report import GeneratedReportQuerySet
from django_report_scheduling.services.bulk_writes import mark_queued
from django_report_scheduling.services.fair_share import DueRow, Walk
from django_report_scheduling.services.lost_messages import lost_at
from django_report_scheduling.services.messages import Message
from django_report_scheduling.services.pump_lock import pump_transaction

NEEDED: Final = ("pk", "account_id", "attempt", "wake_at")
"""The fields of a :class:`DueRow`."""


def queue_due_reports(*, now: dt.datetime, limit: int, walk: Walk | None = None) -> list[Message]:
    """Mark pending reports whose time has come as queued, and return the messages to publish.

    Publishing needs no undo: a message that is lost, or never sent, is found by :mod:`.lost_messages` and sent again
    for the same attempt.

    :param limit: how many reports to look at; fewer are marked where their accounts have no room.
    :param walk: where to go on; brought up to date. When it is over, all due reports have been looked at, or the
        broker is full.
    """
    walk = Walk() if walk is None else walk
    with pump_transaction():
        room = _room_in_broker()
        if room <= 0:
            walk.over = True
            return []
        walk.begin(full_accounts)
        due = _due(now).filter(walk.ahead()).exclude(account_id__in=walk.full)
        return _queue(due, walk=walk, limit=limit, room=room, now=now)


def queue_due_reports_of(*, account_id: Any, now: dt.datetime) -> list[Message]:
    """Do the same for one account, to fill the room that a finished report has left, instead of with the next tick."""
    due, cap = _due(now).filter(account_id=account_id), conf.MAX_CONCURRENT_PER_ACCOUNT
    if cap is None or not due.exists():
        return []
    with pump_transaction():
        return _queue(due, walk=Walk(), limit=cap, room=max(0, _room_in_broker()), now=now)


def queue_report(*, report_id: Any, now: dt.datetime, by_hand: bool = False) -> list[Message]:
    """Do the same for one report, so that somebody who asked for it does not wait for the next tick.

    Where its account has no room it waits for its turn like the others.

    :param by_hand: the caller makes the report itself, at once and whatever else is under way.
    """
    with pump_transaction():
        due = _due(now).filter(pk=report_id)
        return _queue(due, walk=Walk(), limit=1, room=1, now=now, capped=not by_hand)


def full_accounts() -> list[Any]:
    """Return the accounts that have as many reports with the broker and the workers as they may."""
    cap = conf.MAX_CONCURRENT_PER_ACCOUNT
    return [] if cap is None else [account for account, number in _in_flight().items() if number >= cap]


def _due(now: dt.datetime) -> GeneratedReportQuerySet:
    return GeneratedReport.objects.fresh().waking(ReportStatus.PENDING, now=now)


def _room_in_broker() -> int:
    # Counted up to the limit and no further: rows beyond it make no difference.
    return conf.MAX_QUEUED - _in_state(ReportStatus.QUEUED)[: conf.MAX_QUEUED].count()


def _in_state(*states: ReportStatus) -> GeneratedReportQuerySet:
    return GeneratedReport.objects.fresh().filter(status__in=states)


def _in_flight(accounts: Collection[Any] | None = None) -> Counter[Any]:
    live = _in_state(ReportStatus.QUEUED, ReportStatus.RUNNING)
    if accounts is not None:
        live = live.filter(account_id__in=accounts)
    return Counter(dict(live.values_list("account_id").annotate(Count("pk"))))


def _queue(
    due: GeneratedReportQuerySet, *, walk: Walk, limit: int, room: int, now: dt.datetime, capped: bool = True
) -> list[Message]:
    cap = conf.MAX_CONCURRENT_PER_ACCOUNT if capped else None
    seen = [DueRow(*values) for values in due.claimable().values_list(*NEEDED)[:limit]]
    reports = walk.take(seen, limit=limit, room=room, cap=cap, count=_in_flight)
    mark_queued([report.key for report in reports], wake_at=lost_at(now), now=now)
    return [Message(str(report.key), report.attempt, now) for report in reports]
