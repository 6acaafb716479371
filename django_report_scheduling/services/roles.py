"""Giving and taking roles on accounts, and writing down who did it."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib.auth.models import AbstractUser, Group
from django.db import router, transaction

from django_report_scheduling.access import roles
from django_report_scheduling.choices import Role
from django_report_scheduling.models import AbstractAccount, AuditEvent


def grant_role(
    *, account: AbstractAccount, holder: AbstractUser | Group, role: Role, actor: AbstractUser | None, now: dt.datetime
) -> None:
    """Give a user or group a role on an account; giving it twice changes nothing."""
    with transaction.atomic(using=router.db_for_write(AuditEvent)):
        roles.grant(account=account, holder=holder, role=role)
        _record("role.granted", account, holder, actor=actor, now=now, data={"role": role.value})


def revoke_roles(
    *, account: AbstractAccount, holder: AbstractUser | Group, actor: AbstractUser | None, now: dt.datetime
) -> None:
    """Take every role on an account from a user or group; effective with the next request and the next delivery."""
    with transaction.atomic(using=router.db_for_write(AuditEvent)):
        roles.revoke(account=account, holder=holder)
        _record("role.revoked", account, holder, actor=actor, now=now, data={})


def _record(
    verb: str,
    account: AbstractAccount,
    holder: AbstractUser | Group,
    *,
    actor: AbstractUser | None,
    now: dt.datetime,
    data: dict[str, str],
) -> None:
    AuditEvent(
        at=now,
        actor=cast("Any", actor),
        verb=verb,
        object_type="group" if isinstance(holder, Group) else "user",
        object_id=str(holder.pk),
        account_id=str(account.pk),
        data=data,
    ).save(force_insert=True)
