"""Roles on accounts, held as guardian object permissions.

``account_manager`` is the object permission ``manage_reports`` on an account and includes ``view_reports``;
``client`` is ``view_reports``; an administrator is a superuser or a holder of the model permission
``report_scheduling.administer_reports``. Model-level permissions on the account itself grant nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, AnonymousUser, Group, Permission
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q, QuerySet
from guardian.shortcuts import assign_perm, remove_perm

from django_report_scheduling.access.holding import HeldBy, HoldsOn
from django_report_scheduling.access.models import AccountGroupPermission, AccountUserPermission
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.choices import Role

if TYPE_CHECKING:
    from django_report_scheduling.models import AbstractAccount

MANAGE_REPORTS: Final = "manage_reports"
VIEW_REPORTS: Final = "view_reports"
ADMINISTER_REPORTS: Final = "report_scheduling.administer_reports"

_KEPT: Final = "_administers_reports"

PERMISSIONS: Final[dict[Role, tuple[str, ...]]] = {
    Role.ACCOUNT_MANAGER: (MANAGE_REPORTS, VIEW_REPORTS),
    Role.CLIENT: (VIEW_REPORTS,),
}

Person = AbstractUser | AnonymousUser
Holder = AbstractUser | Group


def is_administrator(user: Person) -> bool:
    """Whether the user may administer the reports of every account.

    What the database holds decides, as it does where services and ticks ask; a permission that only an authentication
    backend of the host knows of grants nothing here. As with Django's own permissions, the answer is kept with the user
    object, which lives as long as the request; ``refresh_from_db()`` does not ask again, a user read anew does.
    """
    if user.is_anonymous or not user.is_active:
        return False
    if user.is_superuser:
        return True
    kept: dict[str, bool] = user.__dict__
    if _KEPT not in kept:
        kept[_KEPT] = _administer_permission().filter(HeldBy(user)).exists()
    return kept[_KEPT]


def _administer_permission() -> QuerySet[Permission]:
    app_label, _, codename = ADMINISTER_REPORTS.partition(".")
    return Permission.objects.filter(codename=codename, content_type__app_label=app_label)


def accounts_with_permission(user: Person, codename: str) -> QuerySet[AbstractAccount]:
    """Return the accounts on which the user holds a permission, in person or through a group.

    Administrators get all accounts, inactive and anonymous users none.
    """
    accounts = get_account_model()._default_manager.all()  # Django's documented way to the default manager
    return accounts.filter(permission_on(user, codename, account="pk"))


def permission_on(user: Person, codename: str, *, account: str) -> Q | HoldsOn:
    """Return the condition that the user holds a permission on the account of a row; for ``filter()``.

    It holds for all rows where an administrator asks, for none where an inactive or anonymous user does.

    :param account: lookup from the row to the key of its account.
    """
    if is_administrator(user):
        return Q()
    if user.is_anonymous or not user.is_active:
        return Q(pk__in=[])
    return HoldsOn(user, codename, account=account)


def accounts_visible_to(user: Person) -> QuerySet[AbstractAccount]:
    """Return the accounts whose reports the user may see."""
    return accounts_with_permission(user, VIEW_REPORTS)


def accounts_managed_by(user: Person) -> QuerySet[AbstractAccount]:
    """Return the accounts whose schedules the user may manage."""
    return accounts_with_permission(user, MANAGE_REPORTS)


def people_with_role(account: AbstractAccount) -> QuerySet[AbstractUser]:
    """Return the active users who hold any role on the account, in person or through a group."""
    return _holders(account, MANAGE_REPORTS, VIEW_REPORTS)


def managers_of(account: AbstractAccount) -> QuerySet[AbstractUser]:
    """Return the active users who manage the account's reports, in person or through a group; not administrators."""
    return _holders(account, MANAGE_REPORTS)


def _holders(account: AbstractAccount, *codenames: str) -> QuerySet[AbstractUser]:
    held: dict[str, Any] = {"content_object": account, "permission__codename__in": codenames}
    own = AccountUserPermission.objects.filter(**held).values("user")
    groups = AccountGroupPermission.objects.filter(**held).values("group")
    return _active_users(own, _users().filter(groups__in=groups).values("pk"))


def administrators() -> QuerySet[AbstractUser]:
    """Return the active users who administer the reports of every account."""
    permission = _administer_permission()
    groups = Group.objects.filter(permissions__in=permission)
    return _active_users(
        _users().filter(is_superuser=True).values("pk"),
        _users().filter(user_permissions__in=permission).values("pk"),
        _users().filter(groups__in=groups).values("pk"),
    )


def _users() -> QuerySet[AbstractUser]:
    users = get_user_model()._default_manager.all()  # as above
    return cast("QuerySet[AbstractUser]", users.order_by())  # parts of a union have no order


def _active_users(first: QuerySet[Any, Any], *others: QuerySet[Any, Any]) -> QuerySet[AbstractUser]:
    # A union, because OR across tables makes a database read every user.
    users = cast("QuerySet[AbstractUser]", get_user_model()._default_manager.all())  # as above
    return users.filter(pk__in=first.order_by().union(*others), is_active=True)


def grant(*, account: AbstractAccount, holder: Holder, role: Role) -> None:
    """Give a user or group a role on the account; giving it twice changes nothing.

    :raises ImproperlyConfigured: the host's account model lost the permissions of ``AbstractAccount``.
    """
    try:
        for codename in PERMISSIONS[role]:
            assign_perm(codename, holder, account)
    except Permission.DoesNotExist as error:
        model = type(account)
        msg = (
            f"{model._meta.label} has no permissions for the roles: declare `class Meta(AbstractAccount.Meta)` in it, "
            f"then run makemigrations and migrate."
        )
        raise ImproperlyConfigured(msg) from error


def revoke(*, account: AbstractAccount, holder: Holder) -> None:
    """Take every role on the account from a user or group."""
    for codename in PERMISSIONS[Role.ACCOUNT_MANAGER]:
        remove_perm(codename, holder, account)
