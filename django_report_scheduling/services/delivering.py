"""Bringing one delivery to its target, with everything that allows it checked once more."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO, cast

from django.utils import translation

from django_report_scheduling.choices import (
    ConsentState,
    DeliveryStatus,
    ErrorCode,
    Event,
    ReportStatus,
    Trigger,
)
from django_report_scheduling.delivery import DeliveryFile, DeliveryRequest, channels
from django_report_scheduling.exceptions import (
    AddressBounced,
    DeliveryError,
    DeliveryWithheld,
    OutcomeUnknown,
    ReportSchedulingError,
)
from django_report_scheduling.models import Delivery, GeneratedReport, ReportFile
from django_report_scheduling.models.delivery import WEBHOOK
from django_report_scheduling.rendering.locales import translation_language
from django_report_scheduling.reports import registry
from django_report_scheduling.services.account_profiles import account_profile
from django_report_scheduling.services.delivery_claims import claim_delivery, close_delivery, retry_delivery_later
from django_report_scheduling.services.download_links import download_url
from django_report_scheduling.services.error_traces import trace
from django_report_scheduling.services.patience import asked_to_wait
from django_report_scheduling.services.recipients.answers import suppress
from django_report_scheduling.services.recipients.confirmations import confirmation_request
from django_report_scheduling.services.recipients.consents import consent_of
from django_report_scheduling.services.recipients.links import unsubscribe_url
from django_report_scheduling.services.reconnection import insist
from django_report_scheduling.services.report_storage import report_storage
from django_report_scheduling.services.report_targets import EMAIL
from django_report_scheduling.services.state_texts import state_text
from django_report_scheduling.services.time_limits import timed_out
from django_report_scheduling.services.webhooks.attempts import Attempt
from django_report_scheduling.services.webhooks.messages import webhook_request
from django_report_scheduling.services.webhooks.notices import disabled_request
from django_report_scheduling.services.withholding import confirm_delivery, require_allowed

logger = logging.getLogger(__name__)


def deliver(*, delivery_id: Any, attempt: int, clock: Callable[[], dt.datetime]) -> DeliveryStatus | None:
    """Send the delivery that a message names.

    :returns: the state in which the attempt left the delivery; ``None`` when there was nothing to do.
    """
    delivery = claim_delivery(delivery_id=delivery_id, attempt=attempt, now=clock())
    if delivery is None:
        return None
    began = time.monotonic()
    try:
        require_allowed(delivery)
        receipt = channels[delivery.channel].deliver(delivery_request(delivery, now=clock()))
    except DeliveryWithheld as withheld:
        code, message = ErrorCode.RECIPIENT_REFUSED, str(withheld)
        return _close(delivery, DeliveryStatus.SUPPRESSED, clock=clock, code=code, message=message)
    except Exception as error:  # noqa: BLE001  # a channel or policy of a host may raise anything; the row has to say so
        failed = Attempt.failed(error, duration=time.monotonic() - began) if delivery.channel == WEBHOOK else None
        return insist(partial(_failed, delivery, error, attempt=failed, clock=clock))
    went = Attempt.succeeded(receipt, duration=time.monotonic() - began) if delivery.channel == WEBHOOK else None
    return _close(delivery, DeliveryStatus.SENT, clock=clock, attempt=went)


def _close(
    delivery: Delivery,
    status: DeliveryStatus,
    *,
    clock: Callable[[], dt.datetime],
    code: ErrorCode | None = None,
    message: str = "",
    attempt: Attempt | None = None,
) -> DeliveryStatus | None:
    # Once the message is out, only this process knows it.
    closed = insist(lambda: close_delivery(delivery, status, now=clock(), code=code, message=message, attempt=attempt))
    return status if closed else None


def delivery_request(delivery: Delivery, *, now: dt.datetime) -> DeliveryRequest:
    """Return what a channel is told, as plain values.

    :param now: the moment of this attempt, aware.
    """
    confirm = partial(confirm_delivery, delivery)
    if delivery.channel == WEBHOOK:
        return webhook_request(delivery, confirm=confirm, now=now)
    if delivery.consent is not None:
        return confirmation_request(delivery, confirm=confirm)
    if delivery.report is None:
        return disabled_request(delivery, confirm=confirm)
    return _report_request(delivery, delivery.report, confirm=confirm)


def _report_request(delivery: Delivery, report: GeneratedReport, *, confirm: Callable[[], None]) -> DeliveryRequest:
    profile = account_profile(report.account)
    with translation.override(translation_language(profile.locale)):
        title = registry.title(report.report_type)
        reason = _reason(delivery, report)
    good_news = delivery.event == Event.REPORT_SUCCEEDED
    return DeliveryRequest(
        id=str(delivery.pk),
        event=Event(delivery.event),
        target=delivery.target,
        account=profile,
        title=title,
        schedule_name=report.schedule.name if report.schedule else title,
        period=report.period if good_news or report.status != ReportStatus.SUCCEEDED else None,
        files=tuple(_file(delivery, file) for file in _ordered_files(report)) if good_news else (),
        created_at=delivery.created_at,
        reason=reason,
        confirm=confirm,
        unsubscribe_url=_unsubscribe_url(delivery, report),
    )


def _unsubscribe_url(delivery: Delivery, report: GeneratedReport) -> str:
    # Neither from a preview, which its reader has asked for, nor from being told what went wrong.
    if delivery.channel != EMAIL or delivery.event != Event.REPORT_SUCCEEDED or report.trigger == Trigger.PREVIEW:
        return ""
    return unsubscribe_url(consent_of(report.account_id, delivery.target))


def _reason(delivery: Delivery, report: GeneratedReport) -> str:
    if delivery.event == Event.REPORT_SUCCEEDED or report.schedule is None:
        return ""
    # The error says more, but is gone when somebody has opened the report again.
    if delivery.event == Event.SCHEDULE_ERRORED and report.error_code:
        return f"{report.get_error_code_display()}: {report.error_message}"
    return state_text(report.schedule)


def _ordered_files(report: GeneratedReport) -> list[ReportFile]:
    formats = report.formats
    return sorted(
        report.files.all(),
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


def _unknown_outcome(error: Exception) -> str:
    if isinstance(error, OutcomeUnknown):
        return str(error)
    too_long = "Sending took too long and was stopped; the message may or may not have arrived."
    return too_long if timed_out(error) else ""


def _failed(
    delivery: Delivery, error: Exception, *, attempt: Attempt | None, clock: Callable[[], dt.datetime]
) -> DeliveryStatus:
    now = clock()
    logger.warning("Delivery %s failed: %s", delivery.pk, trace(error))
    unknown = _unknown_outcome(error)
    if unknown and not channels[delivery.channel].repeatable:
        code = ErrorCode.OUTCOME_UNKNOWN
        close_delivery(delivery, DeliveryStatus.UNKNOWN, now=now, code=code, message=unknown)
        return DeliveryStatus.UNKNOWN
    if isinstance(error, FileNotFoundError):
        close_delivery(
            delivery, DeliveryStatus.FAILED, now=now, code=ErrorCode.FILE_MISSING,
            message="The stored file is gone; retry the report to make it again.",
        )  # fmt: skip
        return DeliveryStatus.FAILED
    if isinstance(error, AddressBounced) and delivery.channel == EMAIL:
        suppress(consent_of(delivery.account_id, delivery.target), ConsentState.BOUNCED, now=now)
    code = ErrorCode(error.code) if isinstance(error, DeliveryError) else ErrorCode.CHANNEL_UNAVAILABLE
    message = str(error) if isinstance(error, ReportSchedulingError) else f"The channel raised {type(error).__name__}."
    if isinstance(error, DeliveryError) and error.permanent:
        close_delivery(delivery, DeliveryStatus.FAILED, now=now, code=code, message=message, attempt=attempt)
        return DeliveryStatus.FAILED
    patience = asked_to_wait(error)
    return retry_delivery_later(delivery, code=code, message=message, now=now, patience=patience, attempt=attempt)
