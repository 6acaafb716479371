"""Everything this package raises on purpose, under one base class.

The first line of a class's docstring is its default message. ``code`` is stable and made for machines; the message
is made for people and says what is wrong, with which value, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

from django_report_scheduling.choices import ErrorCode


class ReportSchedulingError(Exception):
    """Report scheduling failed."""

    code: str = "error"

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or type(self).__name__).partition("\n")[0])


class ValidationFailed(ReportSchedulingError):
    """The input is not valid."""

    code = "invalid"

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors: dict[str, list[str]] = {field: list(messages) for field, messages in errors.items()}
        """Messages by field; what concerns the whole is under ``__all__``."""
        text = "; ".join(f"{field}: {' '.join(messages)}" for field, messages in self.errors.items())
        super().__init__(text)

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, list[str]]]]:
        return type(self), (self.errors,)


class InvalidRecurrence(ValidationFailed):
    """The schedule's rule is not valid."""

    code = "invalid_recurrence"


class InvalidParameters(ValidationFailed):
    """The report's parameters are not valid."""

    code = ErrorCode.INVALID_PARAMETERS


class RecipientRefused(ValidationFailed):
    """The recipient policy does not allow a recipient."""

    code = ErrorCode.RECIPIENT_REFUSED


class LimitReached(ReportSchedulingError):
    """The account has reached its limit."""

    code = "limit_reached"


class WrongState(ReportSchedulingError):
    """The object is not in a state that allows this."""

    code = "wrong_state"


class FileMissing(WrongState):
    """The stored file is gone; retry the report to make it again."""

    code = ErrorCode.FILE_MISSING


class StorageUnavailable(ReportSchedulingError):
    """The storage of the report files does not answer; try again in a moment."""

    code = "storage_unavailable"
    retry_after = 30
    """Seconds after which trying again makes sense."""


class Throttled(ReportSchedulingError):
    """This has been asked for too often."""

    code = "throttled"
    retry_after = 600
    """Seconds after which trying again makes sense."""


class NotPermitted(ReportSchedulingError):
    """You may not do this."""

    code = "permission_denied"


class UnknownReportType(ReportSchedulingError):
    """No report type is registered under this key."""

    code = ErrorCode.UNKNOWN_REPORT_TYPE


class DuplicateReportType(ReportSchedulingError):
    """A different report type is already registered under this key."""

    code = "duplicate_report_type"


class InvalidPlugin(ReportSchedulingError):
    """A configured plug-in cannot be loaded."""

    code = "invalid_plugin"


class UnknownPlugin(ReportSchedulingError):
    """No plug-in is configured under this alias."""

    code = "unknown_plugin"


class RenderError(ReportSchedulingError):
    """The document could not be rendered."""

    code = ErrorCode.RENDER_FAILED


class DeliveryError(ReportSchedulingError):
    """The delivery failed.

    :param message: safe text, without addresses or secrets.
    :param permanent: ``True`` when trying again cannot help.
    """

    code = ErrorCode.CHANNEL_UNAVAILABLE

    def __init__(self, message: str | None = None, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        if permanent:
            self.code = ErrorCode.CHANNEL_REJECTED


class ReceiverFailed(DeliveryError):
    """The receiver did not take it.

    :param message: safe text, without addresses or secrets.
    :param outcome: code of the channel's own fixed set.
    :param permanent: as above.
    :param answer: status code of the receiver's answer, where there was one.
    :param retry_after: seconds that the receiver asked us to wait.
    :param our_fault: the receiver is not to blame: our network or set-up is.
    :param gone: the receiver wants nothing more, ever.
    """

    def __init__(
        self,
        message: str | None = None,
        *,
        outcome: str = "",
        permanent: bool = False,
        answer: int | None = None,
        retry_after: float | None = None,
        our_fault: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(message, permanent=permanent)
        self.outcome = outcome
        self.answer = answer
        self.retry_after = retry_after
        self.our_fault = our_fault
        self.gone = gone


class AddressBounced(DeliveryError):
    """The mail server of the target has said that there is no such mailbox.

    :param message: as above.
    """

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message, permanent=True)


class OutcomeUnknown(ReportSchedulingError):
    """The message was handed over, and no answer came: it may or may not have arrived."""

    code = ErrorCode.OUTCOME_UNKNOWN


class DeliveryWithheld(ReportSchedulingError):
    """The target must not receive this any more."""

    code = ErrorCode.RECIPIENT_REFUSED


class InvalidWebhookUrl(ValidationFailed):
    """The address is none to which webhooks may be sent."""

    code = "invalid_webhook_url"


class InvalidWebhookSecret(ValidationFailed):
    """The text is no secret to sign webhooks with."""

    code = "invalid_webhook_secret"


class Unsealable(ReportSchedulingError):
    """A sealed value cannot be opened."""

    code = "unsealable"
