"""Whether the owners of schedules may still own them, asked for a whole batch at once.

Everything is read from the database that is written to: a replica may not know yet that a role was taken away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import router
from django.db.models import Model, QuerySet

from django_report_scheduling.access.among import among
from django_report_scheduling.access.models import AccountGroupPermission, AccountUserPermission
from django_report_scheduling.access.roles import MANAGE_REPORTS, administrators

M = TypeVar("M", bound=Model)

Ownership = tuple[Any, Any]
"""Primary keys of a user and of an account, of whatever types the host's models have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnfitOwners:
    """Who of those asked about may not own a schedule.

    :param inactive: keys of users that are deactivated.
    :param without_role: ownerships of active users who neither manage the account's reports nor administer all.
    """

    inactive: frozenset[Any]
    without_role: frozenset[Ownership]


def unfit_owners(ownerships: Collection[Ownership]) -> UnfitOwners:
    """Check users against accounts, in at most five queries however many there are."""
    users = _fresh(get_user_model()._default_manager.all())
    users = users.filter(among("pk", {user for user, _account in ownerships}))
    active = set(users.filter(is_active=True).values_list("pk", flat=True)) if ownerships else set()
    unproven = {ownership for ownership in ownerships if ownership[0] in active}
    for prove in (_in_person, _through_groups, _as_administrators):
        if unproven:
            unproven -= prove(unproven)
    inactive = {user for user, _account in ownerships if user not in active}
    return UnfitOwners(inactive=frozenset(inactive), without_role=frozenset(unproven))


def may_own(user: Any, account: Any) -> bool:
    """Whether a user may own schedules of an account, by the same rules; both are primary keys."""
    unfit = unfit_owners({(user, account)})
    return not unfit.inactive and not unfit.without_role


def administers(user: Any) -> bool:
    """Whether a user, given by primary key, is an active administrator at this moment."""
    return _fresh(administrators()).filter(pk=user).exists()


def _in_person(ownerships: Collection[Ownership]) -> set[Ownership]:
    users, accounts = zip(*ownerships, strict=True)
    held = _fresh(AccountUserPermission.objects.all()).filter(
        among("user", set(users)), among("content_object", set(accounts)), permission__codename=MANAGE_REPORTS
    )
    return set(held.values_list("user_id", "content_object_id"))


def _through_groups(ownerships: Collection[Ownership]) -> set[Ownership]:
    # Memberships and permissions are joined here: the database would send every member of a group with every account
    # of it, a million rows for a thousand of each.
    users, accounts = zip(*ownerships, strict=True)
    held = _fresh(AccountGroupPermission.objects.all()).filter(
        among("content_object", set(accounts)), permission__codename=MANAGE_REPORTS
    )
    managing: defaultdict[Any, set[Any]] = defaultdict(set)
    for group, account in held.values_list("group_id", "content_object_id"):
        managing[account].add(group)
    belonging: defaultdict[Any, set[Any]] = defaultdict(set)
    memberships = _fresh(Group.objects.all()).filter(among("user", set(users))).order_by()
    for user, group in memberships.values_list("user", "pk"):
        belonging[user].add(group)
    return {(user, account) for user, account in ownerships if not belonging[user].isdisjoint(managing[account])}


def _as_administrators(ownerships: Collection[Ownership]) -> set[Ownership]:
    asked = {user for user, _account in ownerships}
    found = set(_fresh(administrators()).filter(among("pk", asked)).values_list("pk", flat=True))
    return {ownership for ownership in ownerships if ownership[0] in found}


def _fresh(rows: QuerySet[M]) -> QuerySet[M]:
    return rows.using(router.db_for_write(rows.model))
