"""Mails and webhooks wait in lanes of their own, each with its own share for an account.

A mail server is ours and quick. A webhook's receiver is the customer's, and may take the whole ``WEBHOOK_TIMEOUT`` for
each of thousands of events; so an account has few of them under way at once, and the workers are there for the others.

Webhooks that failed and are tried again have a lane before those that were never tried, and share their room. So a
receiver that is away gets few events again and again, with pauses, instead of each of thousands once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from django_report_scheduling.conf import conf
from django_report_scheduling.models.delivery import WEBHOOK

MAX_BETWEEN_ATTEMPTS: Final = 9
"""Webhooks of an account that may wait for their next attempt while others of it are tried for the first time."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Some deliveries, and how many of their kind an account may have with the broker and the workers.

    :param rows: which deliveries these are.
    :param sharing: which deliveries count for that number.
    :param setting: name of the setting that says how many.
    :param after_retries: nothing goes out for an account that has too many waiting for their next attempt.
    """

    rows: Q
    sharing: Q
    setting: str
    after_retries: bool = False

    @property
    def cap(self) -> int | None:
        """How many; ``None`` for no limit."""
        cap: int | None = getattr(conf, self.setting)
        return cap


_WEBHOOKS: Final = Q(channel=WEBHOOK)
_SHARE: Final = "WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT"

OTHERS: Final = Lane(~_WEBHOOKS, ~_WEBHOOKS, "MAX_DELIVERIES_PER_ACCOUNT")
RETRIES: Final = Lane(_WEBHOOKS & Q(failures__gt=0), _WEBHOOKS, _SHARE)
WEBHOOKS: Final = Lane(_WEBHOOKS & Q(failures=0), _WEBHOOKS, _SHARE, after_retries=True)
WEBHOOK_LANES: Final = (RETRIES, WEBHOOKS)
LANES: Final = (OTHERS, *WEBHOOK_LANES)
