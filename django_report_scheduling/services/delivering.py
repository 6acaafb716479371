"""Bringing one delivery to its target, with everything that allows it checked once more."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any, BinaryIO, cast

from django.utils import translation

from django_report_scheduling.access.recipients import allowed_recipients
from django_report_scheduling.access.roles import accounts_visible_to
from django_report_scheduling.choices import DeliveryStatus, ErrorCode, Event, Trigger
from django_report_scheduling.delivery import DeliveryFile, DeliveryRequest, channels
from django_report_scheduling.exceptions import DeliveryError, ReportSchedulingError
from django_report_scheduling.models import Delivery, GeneratedReport, ReportFile
from django_report_scheduling.rendering.locales import translation_language
from django_report_scheduling.reports import registry
from django_report_scheduling.services.account_profiles import account_profile
from django_report_scheduling.services.delivery_claims import claim_delivery, close_delivery, retry_delivery_later
from django_report_scheduling.services.download_links import download_url
from django_report_scheduling.services.error_traces import trace
from django_report_scheduling.services.failures import people_to_tell
from django_report_scheduling.services.report_storage import report_storage
from django_report_scheduling.services.time_limits import timed_out

logger = logging.getLogger(__name__)


def deliver(*, delivery_id: Any, attempt: int, clock: Callable[[], dt.datetime]) -> DeliveryStatus | None:
    """Send the delivery that a message names.

    :returns: the state in which the attempt left the delivery; ``None`` when there was nothing to do.
    """
    delivery = claim_delivery(delivery_id=delivery_id, attempt=attempt, now=clock())
    if delivery is None:
        return None
    try:
        refusal = reason_to_withhold(delivery)
        if refusal:
            code = ErrorCode.RECIPIENT_REFUSED
            close_delivery(delivery, DeliveryStatus.SUPPRESSED, now=clock(), code=code, message=refusal)
            return DeliveryStatus.SUPPRESSED
        channels[delivery.channel].deliver(delivery_request(delivery))
    except Exception as error:  # noqa: BLE001  # a channel or policy of a host may raise anything; the row has to say so
        return _failed(delivery, error, now=clock())
    return DeliveryStatus.SENT if close_delivery(delivery, DeliveryStatus.SENT, now=clock()) else None


def reason_to_withhold(delivery: Delivery) -> str:
    """Return why this target must not receive this now, or an empty text.

    Asked again right before sending: a recipient may have been taken off, lost the role, or the account been closed
    since the report was made.
    """
    report = delivery.report
    if delivery.event == Event.SCHEDULE_ERRORED:
        told = people_to_tell(report.schedule) if report.schedule else set()
        return "" if delivery.target in told else "Neither the owner of the schedule nor an administrator any more."
    if not report.account.active:
        return "The account is inactive."
    if report.trigger == Trigger.PREVIEW:
        requester = report.requested_by
        if requester is not None and requester.email == delivery.target:
            visible = accounts_visible_to(requester).filter(pk=report.account_id).exists()
            return "" if visible else "The person who asked for the preview may no longer see the account."
        return "The person who asked for the preview is no longer reached at this address."
    return _reason_against_recipient(report, delivery.target)


def _reason_against_recipient(report: GeneratedReport, target: str) -> str:
    if report.schedule is None:
        return "The schedule has been deleted."
    if target not in report.schedule.recipients:
        return "No longer a recipient of the schedule."
    if target not in allowed_recipients(report.account, [target]):
        return "The recipient policy of the account does not allow this recipient."
    return ""


def delivery_request(delivery: Delivery) -> DeliveryRequest:
    """Return what a channel is told, as plain values."""
    report = delivery.report
    profile = account_profile(report.account)
    with translation.override(translation_language(profile.locale)):
        title = registry.title(report.report_type)
    failed = delivery.event == Event.SCHEDULE_ERRORED
    return DeliveryRequest(
        id=str(delivery.pk),
        event=Event(delivery.event),
        target=delivery.target,
        account=profile,
        title=title,
        schedule_name=report.schedule.name if report.schedule else title,
        period=report.period,
        files=() if failed else tuple(_file(delivery, file) for file in _ordered_files(delivery)),
        created_at=delivery.created_at,
        reason=f"{report.get_error_code_display()}: {report.error_message}" if failed else "",
    )


def _ordered_files(delivery: Delivery) -> list[ReportFile]:
    formats = delivery.report.formats
    return sorted(
        delivery.report.files.all(),
        key=lambda file: formats.index(file.format) if file.format in formats else len(formats),
    )


def _file(delivery: Delivery, file: ReportFile) -> DeliveryFile:
    return DeliveryFile(
        name=file.name,
        format=file.format,
        content_type=file.content_type,
        size=file.size,
        open=lambda: cast("BinaryIO", report_storage().open(file.key, "rb")),
        url=download_url(delivery, file),
    )


def _failed(delivery: Delivery, error: Exception, *, now: dt.datetime) -> DeliveryStatus:
    logger.warning("Delivery %s failed: %s", delivery.pk, trace(error))
    if timed_out(error) and not channels[delivery.channel].repeatable:
        close_delivery(
            delivery, DeliveryStatus.UNKNOWN, now=now, code=ErrorCode.OUTCOME_UNKNOWN,
            message="Sending took too long and was stopped; the message may or may not have arrived.",
        )  # fmt: skip
        return DeliveryStatus.UNKNOWN
    if isinstance(error, FileNotFoundError):
        close_delivery(
            delivery, DeliveryStatus.FAILED, now=now, code=ErrorCode.FILE_MISSING,
            message="The stored file is gone; retry the report to make it again.",
        )  # fmt: skip
        return DeliveryStatus.FAILED
    code = ErrorCode(error.code) if isinstance(error, DeliveryError) else ErrorCode.CHANNEL_UNAVAILABLE
    message = str(error) if isinstance(error, ReportSchedulingError) else f"The channel raised {type(error).__name__}."
    if isinstance(error, DeliveryError) and error.permanent:
        close_delivery(delivery, DeliveryStatus.FAILED, now=now, code=code, message=message)
        return DeliveryStatus.FAILED
    return retry_delivery_later(delivery, code=code, message=message, now=now)
