"""How an attempt to send a webhook ended, in words of a fixed set: nothing of what the receiver said gets out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OutcomeCode(TextChoices):
    """How an attempt ended."""

    DELIVERED = "delivered", _("Delivered")
    URL_REFUSED = "url_refused", _("The address is not allowed")
    NAME_NOT_FOUND = "name_not_found", _("The host name does not exist or has no address")
    ADDRESS_NOT_PUBLIC = "address_not_public", _("The host name leads to an address that is not public")
    CONNECT = "connect", _("The connection failed or broke")
    TLS = "tls", _("No trusted, encrypted connection")
    TIMEOUT = "timeout", _("No complete answer in time")
    PROTOCOL = "protocol", _("The answer was not valid HTTP")
    HTTP_STATUS = "http_status", _("The answer was not a 2xx status")
    TOO_LARGE = "too_large", _("The answer was too large")
    DNS = "dns", _("No name server answered us")
    NO_ROUTE = "no_route", _("We have no route to the network")
    CA_STORE = "ca_store", _("Our list of certificate authorities is broken")
    OWN_FAULT = "own_fault", _("We could not open a connection")


OUR_FAULTS: Final = frozenset({OutcomeCode.DNS, OutcomeCode.NO_ROUTE, OutcomeCode.CA_STORE, OutcomeCode.OWN_FAULT})
"""What is wrong on our side, and must never deactivate a customer's endpoint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one attempt ended.

    :param status: HTTP status where the receiver gave one, whatever the code.
    :param sent: whether the receiver may have the message: we began to write it to a trusted connection.
    :param duration: seconds.
    :param retry_after: seconds the receiver asks us to wait, not yet capped; ``None`` where it said nothing usable.
    """

    code: OutcomeCode
    status: int | None = None
    sent: bool = False
    duration: float = 0.0
    retry_after: float | None = None

    @property
    def delivered(self) -> bool:
        """Whether the receiver has taken the message."""
        return self.code is OutcomeCode.DELIVERED

    @property
    def unknown(self) -> bool:
        """Whether nobody knows if the receiver has taken it: it may have the message, and its answer did not come."""
        return self.sent and self.status is None

    @property
    def counts_against_endpoint(self) -> bool:
        """Whether this is a failure of the receiver, as opposed to success and to faults of our own."""
        return not self.delivered and self.code not in OUR_FAULTS


class AttemptFailed(Exception):
    """An attempt ends here.

    :param code: how.
    :param status: as in :class:`Outcome`.
    :param retry_after: as in :class:`Outcome`.
    """

    def __init__(self, code: OutcomeCode, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(code.value)
        self.code = code
        self.status = status
        self.retry_after = retry_after
