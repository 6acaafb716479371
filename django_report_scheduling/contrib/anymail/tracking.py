"""What a mail service tells later of a mail, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django_report_scheduling.choices import ConsentState
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.recipients.answers import suppress_everywhere

BY_EVENT: Final[Mapping[str, ConsentState]] = {
    "complained": ConsentState.COMPLAINED,
    "unsubscribed": ConsentState.UNSUBSCRIBED,
}
"""Anymail's normalised event types that say enough by themselves."""
BY_REASON: Final[Mapping[str, ConsentState]] = {
    "bounced": ConsentState.BOUNCED,
    "invalid": ConsentState.BOUNCED,
    "spam": ConsentState.COMPLAINED,
    "unsubscribed": ConsentState.UNSUBSCRIBED,
}
"""Anymail's normalised reasons for which a mail was not, and will not be, brought to this mailbox."""
NOT_BROUGHT: Final = frozenset({"bounced", "rejected"})


def heed(sender: object, event: Any, esp_name: str, **_kwargs: Any) -> None:  # noqa: ARG001  # Anymail's signature
    """Let nothing more go to an address that bounced, complained or unsubscribed, whichever account wrote to it.

    Other events, and bounces for reasons that pass or are not the mailbox's (full, blocked), change nothing.

    :param event: an ``AnymailTrackingEvent``.
    """
    reason = event.reject_reason if event.event_type in NOT_BROUGHT else None
    state = BY_EVENT.get(event.event_type) or BY_REASON.get(reason or "")
    if state is not None and event.recipient:
        suppress_everywhere(address=event.recipient, state=state, now=database_now())
