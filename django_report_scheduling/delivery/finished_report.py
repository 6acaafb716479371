"""What a channel knows of a report when it says to whom else the report goes."""

from __future__ import annotations

from dataclasses import dataclass

from django_report_scheduling.choices import Trigger
from django_report_scheduling.reports import AccountProfile


@dataclass(frozen=True, kw_only=True, slots=True)
class FinishedReport:
    """A report of a schedule that is done, free of models.

    :param account: without its logo.
    :param schedule_id: primary key of the schedule, as text.
    :param schedule_name: what the people who set it up called it.
    :param report_type: key of the report type.
    :param trigger: what asked for it; never a preview, which is its requester's alone.
    """

    account: AccountProfile
    schedule_id: str
    schedule_name: str
    report_type: str
    trigger: Trigger
