"""What a delivery channel is given and what it promises."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, ClassVar

from django.core.checks import CheckMessage

from django_report_scheduling.choices import Event
from django_report_scheduling.conf import conf
from django_report_scheduling.delivery.finished_report import FinishedReport
from django_report_scheduling.period import Period
from django_report_scheduling.rendering.formatting.dates import period_text
from django_report_scheduling.rendering.locales import parse_locale
from django_report_scheduling.reports import AccountProfile


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryFile:
    """One stored file of a report; its bytes are read only when a channel wants them.

    :param name: safe file name for people, with extension.
    :param size: bytes.
    :param open: opens the stored file for reading; the caller closes it.
    :param url: link for this one target that is checked again when it is followed; empty without ``BASE_URL``.
    """

    name: str
    format: str
    content_type: str
    size: int
    open: Callable[[], BinaryIO]
    url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpMessage:
    """What is posted to a webhook, signed for this one attempt; none of it is for logs.

    :param url: may hold a token.
    :param body: what was signed, byte for byte.
    :param headers: the signature, and what it is made over.
    :param now: the moment of the attempt, aware.
    """

    url: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    now: dt.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """What is known of an attempt that succeeded.

    :param outcome: code of the channel's own fixed set.
    :param answer: status code of the answer, where the channel gets one.
    """

    outcome: str = "delivered"
    answer: int | None = None


def _no_objection() -> None:
    """Let everything through: for requests made outside of the services, in tests of channels."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryRequest:
    """One event for one target.

    :param id: the delivery's id: the same for every attempt, and thus the key to recognise a repetition by.
    :param target: whom to reach, in the channel's own terms: an address for mail.
    :param title: title of the report, in the account's language.
    :param schedule_name: what the people who set it up called it.
    :param period: what the report is about; ``None`` for events that are about no period.
    :param reason: why the event happened, safe to show; empty for good news.
    :param files: the files of the report, in the order of the schedule's formats.
    :param created_at: when the delivery came into being, aware.
    :param confirm: asks once more whether the target may still receive this, and raises ``DeliveryWithheld`` where it
        may not; a channel calls it as the last thing before it hands the message over.
    :param message: what is posted, where the target is a webhook.
    :param unsubscribe_url: link by which the target ends such mails, also by one click (RFC 8058); empty where there is
        nothing to unsubscribe from, or no ``BASE_URL``.
    :param confirmation_url: link by which somebody agrees to receive reports; empty for every other event.
    """

    id: str
    event: Event
    target: str
    account: AccountProfile
    title: str
    schedule_name: str
    period: Period | None
    files: Sequence[DeliveryFile]
    created_at: dt.datetime
    reason: str = ""
    confirm: Callable[[], None] = _no_objection
    message: HttpMessage | None = None
    unsubscribe_url: str = field(default="", repr=False)
    confirmation_url: str = field(default="", repr=False)

    @property
    def period_text(self) -> str:
        """The period as people of the account write it, e.g. ``18–24 May 2015``; empty where there is none."""
        return period_text(self.period, parse_locale(self.account.number_format)) if self.period else ""


class DeliveryChannel(ABC):
    """Brings one event to one target. Options of the alias arrive as keyword arguments of ``__init__``."""

    repeatable: ClassVar[bool] = False
    """May an attempt be repeated when nobody knows whether it arrived, because the receiver recognises the id?"""

    @property
    def retry_delays(self) -> Sequence[int]:
        """Seconds to wait before each retry; their number is the number of retries."""
        return conf.DELIVERY_RETRY_DELAYS

    def targets(self, report: FinishedReport) -> Collection[str]:  # noqa: ARG002  # for channels that have some
        """Return to whom a finished report goes over this channel, beside the schedule's recipients.

        Asked when the report is done, again right before each target is sent anything, and when a link that it was
        sent is followed: whoever is not named any more gets nothing. The channels ``email`` and ``webhook`` are not
        asked: schedules have recipients, and accounts have webhook endpoints.

        :returns: in the channel's own terms, at most 254 characters each. People see them and they are kept with the
            report, so none may be a secret: name the place, and keep its key or address to the channel.
        """
        return ()

    def normalise_target(self, target: str) -> str:
        """Return a target in the form in which it is stored.

        :raises ValidationFailed: nothing can, or may, be delivered there.
        """
        return target

    @abstractmethod
    def deliver(self, request: DeliveryRequest) -> Receipt | None:
        """Deliver, or raise.

        :returns: what the receiver said, where the channel is told.
        :raises DeliveryError: ``permanent`` says whether another attempt makes sense.
        :raises OutcomeUnknown: the message was handed over and not answered; only a ``repeatable`` channel tries again.
        :raises DeliveryWithheld: ``request.confirm()`` objected.
        """

    def check(self) -> Sequence[CheckMessage]:
        """Return what is wrong with the set-up of this channel, each with its fix."""
        return []
