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

_EXACT: Final = re.compile(rb"\s*5\.(\d{1,3})\.(\d{1,3})\b")
_BAD_ADDRESS: Final = frozenset({(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)})
"""Subject and detail of the enhanced status codes for a mailbox that is not there (RFC 3463 §3.2, §3.3, RFC 7505 §4.1).

Without such a code a 550 may as well be about us: a server that we may not relay by, a list that our address is on.
"""


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
        answer, *_ = [*error.recipients.values(), (0, b"")]  # each message has one recipient
        return _refused(*answer)
    if isinstance(error, smtplib.SMTPDataError):
        return _refused(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPResponseException):  # the sender, or a command, was refused
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


def _refused(code: int, text: bytes | str = b"") -> DeliveryError:
    said = f"The mail server answered with {code}."
    exact = _EXACT.match(text if isinstance(text, bytes) else text.encode())
    if exact and tuple(map(int, exact.groups())) in _BAD_ADDRESS:
        return AddressBounced(said)
    return DeliveryError(said, permanent=500 <= code < 600)
