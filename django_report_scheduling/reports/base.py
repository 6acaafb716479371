"""The base of every report type."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from django.core.checks import CheckMessage

from django_report_scheduling.period import Period
from django_report_scheduling.reports.account_profile import AccountProfile
from django_report_scheduling.reports.blocks import ReportContent
from django_report_scheduling.reports.parameters import Parameters

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

P = TypeVar("P", bound=Parameters)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRequest(Generic[P]):
    """What a report type is asked for.

    :param account: whom the report is about.
    :param period: the frozen, half-open period, in the schedule's zone.
    :param previous_period: the period to compare with, right before ``period``.
    :param parameters: the validated parameters.
    :param generated_at: when this run started, aware; the only clock a query may use.
    """

    account: AccountProfile
    period: Period
    previous_period: Period
    parameters: P
    generated_at: dt.datetime


class Report(ABC, Generic[P]):
    """A kind of report: subclass, set ``key`` and ``title``, write ``query``, register.

    The query runs outside any transaction of ours, in the account's language, and sees plain values only.
    """

    key: ClassVar[str]
    """Which name do schedules, URLs and JSON use? Lower case, digits and underscores; never changes."""

    title: ClassVar[str | _StrPromise]
    """What do people call it?"""

    description: ClassVar[str | _StrPromise] = ""
    """What does it answer, in a sentence?"""

    parameters: ClassVar[type[Parameters]] = Parameters
    """Which class validates and carries its parameters?"""

    template: ClassVar[str] = ""
    """Which HTML template replaces the built-in layout of blocks? Empty uses the built-in one."""

    @abstractmethod
    def query(self, request: ReportRequest[P]) -> ReportContent:
        """Return the content of the report for the request."""

    def check(self) -> Sequence[CheckMessage]:
        """Return what is wrong with the set-up of this report type; part of Django's system checks."""
        return []
