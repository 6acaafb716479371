"""How many schedules an account may have."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connections, router
from django.db.models import Count
from django.utils.translation import gettext as _

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import ScheduleState
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import LimitReached
from django_report_scheduling.models import AbstractAccount, ReportSchedule
from django_report_scheduling.models.schedule import ReportScheduleQuerySet


def require_room(account: AbstractAccount) -> None:
    """Make sure that the account may have one schedule more. Schedules that have ended do not count.

    :raises LimitReached: it has ``MAX_SCHEDULES_PER_ACCOUNT`` already.
    """
    limit = conf.MAX_SCHEDULES_PER_ACCOUNT
    if _counting().filter(account_id=account.pk).count() >= limit:
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


def numbers_of_schedules(account_ids: Collection[Any]) -> Mapping[Any, int]:
    """Count what the limit counts, for many accounts at once; an account without schedules is left out."""
    numbers = _counting().filter(account_id__in=account_ids).order_by().values("account_id")
    return dict(numbers.annotate(number=Count("pk")).values_list("account_id", "number"))


def lock_account(account_id: Any) -> AbstractAccount:
    """Lock the row of an account inside a transaction and return it; rows that refer to it can still be added.

    Whoever locks schedules too locks those first, as a tick does whose reports refer to the account.
    """
    model = get_account_model()
    accounts = model._default_manager.using(router.db_for_write(model))  # a host's manager has no methods of ours
    no_key = connections[accounts.db].features.has_select_for_no_key_update
    account: AbstractAccount = accounts.select_for_update(no_key=no_key).get(pk=account_id)
    return account


def _counting() -> ReportScheduleQuerySet:
    return ReportSchedule.objects.fresh().exclude(state=ScheduleState.ENDED)
