"""Whether a target may still receive what was meant for it."""

from __future__ import annotations

from typing import Final

from django_report_scheduling.access.roles import accounts_visible_to
from django_report_scheduling.choices import Event, ScheduleState, Trigger
from django_report_scheduling.exceptions import DeliveryWithheld
from django_report_scheduling.models import Delivery, GeneratedReport
from django_report_scheduling.models.delivery import WEBHOOK
from django_report_scheduling.services.delivery_reading import delivery_to_confirm
from django_report_scheduling.services.notices import may_be_told
from django_report_scheduling.services.recipients.withholding import reason_against_address, reason_against_asking
from django_report_scheduling.services.report_targets import EMAIL, targets_over
from django_report_scheduling.services.webhooks.withholding import reason_against_notice, reason_against_webhook

STOPPED: Final = (ScheduleState.PAUSED, ScheduleState.ERRORED)
"""The states that people are told of."""


def reason_to_withhold(delivery: Delivery) -> str:
    """Return why this target must not receive this now, or an empty text.

    Asked again right before sending: a recipient may have been taken off, lost the role, or the account been closed
    since the report was made.
    """
    if delivery.channel == WEBHOOK:
        return reason_against_webhook(delivery)
    report = delivery.report
    if report is None:
        return reason_against_asking(delivery) if delivery.consent is not None else reason_against_notice(delivery)
    if delivery.event != Event.REPORT_SUCCEEDED:
        return _reason_against_notice(report, Event(delivery.event), delivery.target)
    if not report.account.active:
        return "The account is inactive."
    if report.trigger == Trigger.PREVIEW:
        return _reason_against_preview(report, delivery.target)
    return _reason_against_recipient(report, delivery.channel, delivery.target)


def require_allowed(delivery: Delivery) -> None:
    """Make sure that nothing stands against a delivery.

    :raises DeliveryWithheld: with the reason.
    """
    refusal = reason_to_withhold(delivery)
    if refusal:
        raise DeliveryWithheld(refusal)


def confirm_delivery(delivery: Delivery) -> None:
    """Ask anew, of the rows as they are at this moment, whether a claimed delivery may go out.

    :raises DeliveryWithheld: it may not, or it is no longer this worker's to send.
    """
    current = delivery_to_confirm(Delivery.objects.held(attempt=delivery.attempt), like=delivery)
    if current is None:
        msg = "The delivery was taken back from this worker."
        raise DeliveryWithheld(msg)
    if _address(current) != _address(delivery):
        msg = "The webhook has got another URL."
        raise DeliveryWithheld(msg)
    require_allowed(current)


def _address(delivery: Delivery) -> str:
    return delivery.webhook.url if delivery.webhook else delivery.target


def _reason_against_notice(report: GeneratedReport, event: Event, target: str) -> str:
    if report.schedule is None:
        return "The schedule has been deleted."
    if report.schedule.state not in STOPPED:
        return "The schedule goes on again."
    if not may_be_told(report.schedule, event, target):
        return "No longer one of the people who are told when this schedule stops."
    return ""


def _reason_against_preview(report: GeneratedReport, target: str) -> str:
    requester = report.requested_by
    if requester is None or requester.email != target:
        return "The person who asked for the preview is no longer reached at this address."
    visible = accounts_visible_to(requester).filter(pk=report.account_id).exists()
    return "" if visible else "The person who asked for the preview may no longer see the account."


def _reason_against_recipient(report: GeneratedReport, channel: str, target: str) -> str:
    if report.schedule is None:
        return "The schedule has been deleted."
    if channel != EMAIL:
        named = target in targets_over(channel, report, report.schedule)
        return "" if named else "The channel does not name this target any more."
    if target not in report.schedule.recipients:
        return "No longer a recipient of the schedule."
    return reason_against_address(report.account, target)
