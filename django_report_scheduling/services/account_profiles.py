"""From the account's row to the plain value that plug-ins see."""

from __future__ import annotations

import logging

from django_report_scheduling.models import AbstractAccount
from django_report_scheduling.reports import AccountProfile

logger = logging.getLogger(__name__)


def account_profile(account: AbstractAccount, *, with_logo: bool = True) -> AccountProfile:
    """Return the snapshot of an account; a logo that cannot be read is left out and logged.

    :param with_logo: ``False`` spares the storage where nobody looks at it.
    """
    return AccountProfile(
        id=str(account.pk),
        slug=account.slug,
        name=account.name,
        locale=account.locale,
        number_format=account.number_format or account.locale,
        accent_color=account.accent_color,
        logo=_logo(account) if with_logo else None,
    )


def _logo(account: AbstractAccount) -> bytes | None:
    if not account.logo:
        return None
    try:
        with account.logo.open("rb") as stored:
            return bytes(stored.read())
    except Exception as error:  # noqa: BLE001  # every storage raises its own kinds, and a report without logo is a report
        logger.warning(
            "The logo of account %s cannot be read (%s); its reports go without.", account.pk, type(error).__name__
        )
        return None
