"""What an error of a mail backend means for the mail: final, to be tried again, or nobody knows.

Nothing that a server said gets out, only its codes: it may repeat addresses and passwords.
"""

from __future__ import annotations

import re
import smtplib
import traceback
from typing import Final

from django_report_scheduling.delivery.mail_services import explained_by_service
from django_report_scheduling.exceptions import AddressBounced, DeliveryError, OutcomeUnknown, ReportSchedulingError

NO_HEADER: Final = "The mail could not be built: an address or the subject holds characters that no header may have."
NO_ANSWER: Final = "The connection broke before the mail server answered; the message may or may not have arrived."

_NO_SUCH_MAILBOX: Final = frozenset({550, 551, 553})
"""Answers to a recipient that mean the mailbox, where nothing more exact is said (RFC 5321 §4.2.3)."""
_EXACT: Final = re.compile(rb"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_BAD_ADDRESS: Final = frozenset({(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)})
"""Subject and detail of enhanced status codes that mean it too (RFC 3463 §3.2 and §3.3, RFC 7505 §4.1)."""


def explained(error: Exception) -> ReportSchedulingError | None:
    """Return what is to be raised in place of an error of a mail backend, ``None`` for an error of another kind.

    Final are answers of the 5xx family to the message (RFC 5321 §4.2.1) and what no repetition mends. A server that
    refuses us, or our password, is tried again: operators mend that.
    """
    if (of_service := explained_by_service(error)) is not None:  # first, as some of these are OSErrors too
        return of_service
    if isinstance(error, smtplib.SMTPException):
        return _of_smtp(error)
    if isinstance(error, OSError):
        return _of_connection(error)
    return DeliveryError(NO_HEADER, permanent=True) if isinstance(error, ValueError) else None


def _of_smtp(error: smtplib.SMTPException) -> ReportSchedulingError:
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return DeliveryError(f"The mail server does not let us in: it answered with {error.smtp_code}.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        (code, text), *_ = [*error.recipients.values(), (0, b"")]  # each message has one recipient
        return AddressBounced(_answered(code)) if _is_bounce(code, text) else _refused(code)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error.smtp_code)
    return _of_connection(error)


def _of_connection(error: OSError) -> ReportSchedulingError:
    if _was_handing_over(error):
        return OutcomeUnknown(NO_ANSWER)
    return DeliveryError(f"The mail server could not be used ({type(error).__name__}).")


def _was_handing_over(error: BaseException) -> bool:
    # smtplib raises the same whether a connection breaks before, during or after the message; only the place differs.
    handing_over = smtplib.SMTP.data.__code__
    return any(frame.f_code is handing_over for frame, _line in traceback.walk_tb(error.__traceback__))


def _is_bounce(code: int, text: bytes) -> bool:
    exact = _EXACT.match(text)
    if exact is None:
        return code in _NO_SUCH_MAILBOX
    kind, subject, detail = map(int, exact.groups())
    return kind == 5 and (subject, detail) in _BAD_ADDRESS


def _refused(code: int) -> DeliveryError:
    return DeliveryError(_answered(code), permanent=500 <= code < 600)


def _answered(code: int) -> str:
    return f"The mail server answered with {code}."
