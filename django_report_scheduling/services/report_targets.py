"""To whom a finished report goes: the recipients of its schedule, and what channels of the host name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from django_report_scheduling.choices import ErrorCode, Trigger
from django_report_scheduling.delivery import DeliveryChannel, FinishedReport, channels
from django_report_scheduling.exceptions import InvalidPlugin
from django_report_scheduling.models import Delivery, GeneratedReport, ReportSchedule
from django_report_scheduling.models.delivery import WEBHOOK
from django_report_scheduling.services.account_profiles import account_profile
from django_report_scheduling.services.attempts import AttemptFailed

EMAIL: Final = "email"
"""Alias of the channel whose targets are the recipients of schedules."""
OURS: Final = frozenset({EMAIL, WEBHOOK})
"""Channels whose targets are kept in rows, and which are not asked for any."""
LONGEST: Final = Delivery._meta.get_field("target").max_length or 0
"""Characters that a target may have."""


def report_targets(report: GeneratedReport) -> list[tuple[str, str]]:
    """Return ``(channel, target)`` of everybody who is to receive a report.

    :raises AttemptFailed: a channel of the host cannot say it. Rather than tell nobody of a report that went to some
        alone, the attempt fails, is repeated, and says why.
    """
    schedule = report.schedule
    if report.trigger == Trigger.PREVIEW:
        return [(EMAIL, report.requested_by.email)] if report.requested_by and report.requested_by.email else []
    if schedule is None:
        return []
    mails = [(EMAIL, address) for address in schedule.recipients]
    return mails + [(alias, target) for alias in channels if alias not in OURS for target in _asked(alias, report)]


def targets_over(alias: str, report: GeneratedReport, schedule: ReportSchedule) -> Collection[str]:
    """Return whom a channel of the host names for a report at this moment, each once, in their normal form.

    :raises InvalidPlugin: what it names is no collection of texts that can be stored; or it cannot be loaded.
    :raises UnknownPlugin: it is not configured.
    :raises ValidationFailed: it refuses one of its own targets.
    """
    channel = channels[alias]
    finished = FinishedReport(
        account=account_profile(report.account, with_logo=False),
        schedule_id=str(schedule.pk),
        schedule_name=schedule.name,
        report_type=report.report_type,
        trigger=Trigger(report.trigger),
    )
    named: Any = channel.targets(finished)  # code of the host: not everybody uses a type checker
    if isinstance(named, str) or not all(isinstance(each, str) for each in named):
        raise InvalidPlugin(_wrong(channel))
    targets = dict.fromkeys(map(channel.normalise_target, named))
    if not all(0 < len(each) <= LONGEST for each in targets):
        raise InvalidPlugin(_wrong(channel))
    return targets


def _wrong(channel: DeliveryChannel) -> str:
    return f"{type(channel).__name__}.targets() must return a collection of texts of 1 to {LONGEST} characters each."


def _asked(alias: str, report: GeneratedReport) -> Collection[str]:
    assert report.schedule is not None  # noqa: S101  # asked by the caller
    try:
        return targets_over(alias, report, report.schedule)
    except Exception as error:
        what = f"Asking the channel {alias!r} for its targets failed"
        raise AttemptFailed.caused_by(error, ErrorCode.CHANNEL_UNAVAILABLE, what) from error
