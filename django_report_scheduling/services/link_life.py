"""How long a signed URL works."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django_report_scheduling.conf import conf

SHORTEST: Final = dt.timedelta(seconds=1)
LONGEST: Final = dt.timedelta(days=7)
"""The most that AWS Signature Version 4 allows, and the other object storages with it."""
AFTER_A_MAIL: Final = dt.timedelta(minutes=5)
"""The most behind a mailed link, which asks again each time: enough to follow the redirect."""


def url_life() -> dt.timedelta:
    """Return ``DOWNLOAD_URL_EXPIRY``, made at least a second and at most seven days."""
    return min(max(conf.DOWNLOAD_URL_EXPIRY, SHORTEST), LONGEST)


def mailed_url_life() -> dt.timedelta:
    """Return the same for the URL that a mailed link leads to, at most five minutes."""
    return min(url_life(), AFTER_A_MAIL)
