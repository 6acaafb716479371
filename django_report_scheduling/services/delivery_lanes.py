"""Mails and webhooks wait in lanes of their own, each with its own share for an account.

A mail server is ours and quick. A webhook's receiver is the customer's, and may take the whole ``WEBHOOK_TIMEOUT`` for
each of thousands of events; so an account has few of them under way at once, and the workers are there for the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from django_report_scheduling.conf import conf
from django_report_scheduling.models.delivery import WEBHOOK


@dataclass(frozen=True, slots=True)
class Lane:
    """Some channels, and how many of their deliveries an account may have with the broker and the workers.

    :param rows: which deliveries these are.
    :param setting: name of the setting that says how many.
    """

    rows: Q
    setting: str

    @property
    def cap(self) -> int | None:
        """How many; ``None`` for no limit."""
        cap: int | None = getattr(conf, self.setting)
        return cap


WEBHOOKS: Final = Lane(Q(channel=WEBHOOK), "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT")
OTHERS: Final = Lane(~Q(channel=WEBHOOK), "MAX_DELIVERIES_PER_ACCOUNT")
LANES: Final = (OTHERS, WEBHOOKS)
