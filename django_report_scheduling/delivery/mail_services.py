"""What the errors of Anymail mean, through which a host may send with the API of a mail service.

Anymail is not needed for this: where it is not loaded, no error can be one of its own.
"""

from __future__ import annotations

import sys
from typing import Any, Final

from django_report_scheduling.exceptions import DeliveryError, OutcomeUnknown, ReportSchedulingError

OPERATORS_MEND: Final = frozenset({401, 403})
"""Answers to our credentials."""
TRY_AGAIN: Final = frozenset({408, 409, 425, 429})
"""Answers of the 4xx family that are about the moment, not about the mail."""


def explained_by_service(error: Exception) -> ReportSchedulingError | None:
    """Return what is to be raised in place of an error of Anymail; ``None`` where it is none of Anymail's."""
    kinds: Any = sys.modules.get("anymail.exceptions")
    if kinds is None:
        return None
    if isinstance(error, kinds.AnymailConfigurationError):
        return DeliveryError("The mail service is not set up: see Anymail's settings.")
    if not isinstance(error, kinds.AnymailError):
        return None
    if isinstance(error, kinds.AnymailRecipientsRefused):
        return DeliveryError("The mail service refused the recipient.", permanent=True)
    if not isinstance(error, kinds.AnymailAPIError):
        return DeliveryError(f"The mail service cannot send this mail ({type(error).__name__}).", permanent=True)
    return _answered(error.status_code) if error.status_code else _not_answered(error)


def _answered(status: int) -> DeliveryError:
    if status in OPERATORS_MEND:
        return DeliveryError(f"The mail service does not let us in: it answered with {status}.")
    permanent = 400 <= status < 500 and status not in TRY_AGAIN
    return DeliveryError(f"The mail service answered with {status}.", permanent=permanent)


def _not_answered(error: Exception) -> ReportSchedulingError:
    if _never_connected(error):
        return DeliveryError("The mail service could not be reached.")
    return OutcomeUnknown("The mail service did not answer; the message may or may not have been taken.")


def _never_connected(error: Exception) -> bool:
    requests: Any = sys.modules.get("requests.exceptions")
    connecting: Any = sys.modules.get("urllib3.exceptions")
    if requests is None or connecting is None or not isinstance(error, requests.ConnectionError):
        return False
    reason = getattr(error.__cause__ and error.__cause__.args and error.__cause__.args[0], "reason", None)
    return isinstance(error, requests.ConnectTimeout) or isinstance(reason, connecting.NewConnectionError)
