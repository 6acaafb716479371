"""How an attempt at making a report ends before its time."""

from __future__ import annotations

from typing import Final, Self

from django_report_scheduling.choices import ErrorCode
from django_report_scheduling.exceptions import ReportSchedulingError

LOOK_INTO_LOG: Final = "The log of the worker has the details."


class AttemptFailed(ReportSchedulingError):
    """One step of an attempt went wrong.

    :param code: what kind of step.
    :param message: safe to store and to show: no addresses, no data, no secrets.
    :param permanent: trying again cannot help.
    """

    def __init__(self, code: ErrorCode, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.permanent = permanent

    @classmethod
    def caused_by(cls, error: Exception, code: ErrorCode, what: str, *, hint: str = LOOK_INTO_LOG) -> Self:
        """Wrap an error of foreign code: its kind is told, its text, which may hold data, is left to the log.

        :param hint: what the reader can do about it.
        """
        if isinstance(error, ReportSchedulingError):
            return cls(code, f"{what}: {error}")
        return cls(code, f"{what} with {type(error).__name__}. {hint}")
