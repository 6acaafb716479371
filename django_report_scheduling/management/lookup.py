"""Finding rows by what people type; where there is none, the message lists what there is."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db.models import Q, QuerySet

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.models import AbstractAccount, ReportSchedule

NAMED: Final = 10


def some_of(names: QuerySet[Any, Any]) -> str:
    """Return the first few of the names, for a message."""
    first = [str(name) for name in names[: NAMED + 1]]
    return (", ".join(first[:NAMED]) + (", …" if len(first) > NAMED else "")) or "none at all"


def find_account(text: str) -> AbstractAccount:
    """Return the account with this slug or primary key.

    :raises CommandError: there is none.
    """
    accounts: QuerySet[AbstractAccount] = get_account_model()._default_manager.all()
    account = accounts.filter(slug=text).first() or _by_key(accounts, text)
    if account is None:
        known = some_of(accounts.order_by("slug").values_list("slug", flat=True))
        msg = f"There is no account {text!r}. Known are: {known}."
        raise CommandError(msg)
    return account


def find_user(text: str) -> AbstractUser:
    """Return the user with this name, or else with this mail address.

    :raises CommandError: there is none, or there are several with this address.
    """
    model: Any = get_user_model()
    users = model._default_manager.all()
    user: AbstractUser | None = users.filter(**{model.USERNAME_FIELD: text}).first()
    if user is not None:
        return user
    names = users.order_by(model.USERNAME_FIELD).values_list(model.USERNAME_FIELD, flat=True)
    same_address = {f"{model.get_email_field_name()}__iexact": text}
    found: list[AbstractUser] = list(users.filter(**same_address)[:2]) if text else []
    if not found:
        msg = f"There is no user with the name or mail address {text!r}. Known are: {some_of(names)}."
        raise CommandError(msg)
    if len(found) > 1:
        same = some_of(names.filter(**same_address))
        msg = f"Several users have the mail address {text!r}; give the name of one of them: {same}."
        raise CommandError(msg)
    return found[0]


def find_schedule(text: str) -> ReportSchedule:
    """Return the schedule with this id, or with exactly this name where only one has it.

    :raises CommandError: there is none, or there are several with this name.
    """
    schedules = ReportSchedule.objects.select_related("account")
    found = list(schedules.filter(Q(name=text) | Q(pk=_uuid(text))).order_by("pk")[: NAMED + 1])
    if not found:
        known = some_of(ReportSchedule.objects.order_by("name").values_list("name", flat=True).distinct())
        msg = f"There is no schedule with the id or name {text!r}. Known are: {known}."
        raise CommandError(msg)
    if len(found) > 1:
        lines = "".join(f"\n  {schedule.pk}  {schedule.account.slug}" for schedule in found[:NAMED])
        msg = f"Several schedules are called {text!r}; give the id of one of them:{lines}"
        raise CommandError(msg)
    return found[0]


def _by_key(accounts: QuerySet[AbstractAccount], text: str) -> AbstractAccount | None:
    try:
        return accounts.filter(pk=text).first()
    except (ValueError, ValidationError):
        return None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
