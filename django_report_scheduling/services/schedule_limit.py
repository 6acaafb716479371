"""How many schedules an account may have."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import LimitReached
from django_report_scheduling.models import AbstractAccount, ReportSchedule


def require_room(account: AbstractAccount) -> None:
    """Make sure that the account may have one schedule more. Schedules that have ended do not count.

    :raises LimitReached: it has ``MAX_SCHEDULES_PER_ACCOUNT`` already.
    """
    limit = conf.MAX_SCHEDULES_PER_ACCOUNT
    if ReportSchedule.objects.filter(account_id=account.pk).exclude(state=ScheduleState.ENDED).count() >= limit:
        raise LimitReached(
            _("This account already has %(limit)d schedules, the most it may have. Delete one first.")
            % {"limit": limit}
        )


def hold_room(account: AbstractAccount) -> None:
    """Do the same inside a transaction, making racing writers count one after the other by a lock on the account.

    :raises LimitReached: as :func:`require_room`.
    """
    lock_account(account.pk)
    require_room(account)


def lock_account(account_id: Any) -> AbstractAccount:
    """Lock the row of an account inside a transaction and return it; rows that refer to it can still be added.

    Whoever locks schedules too locks those first, as a tick does whose reports refer to the account.
    """
    accounts = get_account_model()._default_manager.all()  # a host's manager has no methods of ours
    no_key = connections[accounts.db].features.has_select_for_no_key_update
    account: AbstractAccount = accounts.select_for_update(no_key=no_key).get(pk=account_id)
    return account
