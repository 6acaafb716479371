"""What a user holds, in person or through groups, as conditions in SQL.

Written out, because to build the same from querysets costs more time, with every request, than to run it.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, AnonymousUser, Group, Permission
from django.db.models import BooleanField, Expression, F, Model

from django_report_scheduling.access.models import AccountGroupPermission, AccountUserPermission


class HoldsOn(Expression):
    """Whether a user holds an object permission on the account of a row.

    :param account: lookup from the row to the key of its account.
    """

    conditional = True

    def __init__(self, user: AbstractUser | AnonymousUser, codename: str, *, account: str) -> None:
        super().__init__(output_field=BooleanField())
        self._user = user.pk
        self._codename = codename
        self._account: Any = F(account)

    def get_source_expressions(self) -> list[Any]:
        """Return what Django has to resolve: the account."""
        return [self._account]

    def set_source_expressions(self, exprs: Any) -> None:
        """Take it resolved."""
        (self._account,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return ``account IN (those of the user, those of the user's groups)``."""
        account, parameters = compiler.compile(self._account)
        names = _names(connection)
        sql = (
            f"{account} IN (SELECT held.content_object_id FROM {names['own']} held"  # noqa: S608  # names of tables only
            f" JOIN {names['permission']} p ON p.id = held.permission_id"
            f" WHERE held.user_id = %s AND p.codename = %s"
            f" UNION ALL SELECT held.content_object_id FROM {names['shared']} held"
            f" JOIN {names['permission']} p ON p.id = held.permission_id"
            f" JOIN {names['membership']} m ON m.{names['group']} = held.group_id"
            f" WHERE m.{names['member']} = %s AND p.codename = %s)"
        )
        user = _key(self._user, connection)
        return sql, (*parameters, user, self._codename, user, self._codename)


class HeldBy(Expression):
    """Whether a permission, the row, is one that a user has been given on models as a whole."""

    conditional = True

    def __init__(self, user: AbstractUser) -> None:
        super().__init__(output_field=BooleanField())
        self._user = user.pk
        self._permission: Any = F("pk")

    def get_source_expressions(self) -> list[Any]:
        """Return what Django has to resolve: the permission."""
        return [self._permission]

    def set_source_expressions(self, exprs: Any) -> None:
        """Take it resolved."""
        (self._permission,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return ``permission IN (those of the user, those of the user's groups)``."""
        permission, parameters = compiler.compile(self._permission)
        names = _names(connection)
        sql = (
            f"{permission} IN (SELECT held.{names['given']} FROM {names['own_on_models']} held"  # noqa: S608  # as above
            f" WHERE held.{names['receiver']} = %s"
            f" UNION ALL SELECT held.permission_id FROM {names['shared_on_models']} held"
            f" JOIN {names['membership']} m ON m.{names['group']} = held.group_id"
            f" WHERE m.{names['member']} = %s)"
        )
        user = _key(self._user, connection)
        return sql, (*parameters, user, user)


def _names(connection: Any) -> dict[str, str]:
    """Return the names of tables and columns, quoted; some depend on the host's user model."""
    user: type[Model] = get_user_model()
    groups: Any = user._meta.get_field("groups")
    own: Any = user._meta.get_field("user_permissions")
    shared: Any = Group._meta.get_field("permissions")
    names = {
        "own": AccountUserPermission._meta.db_table,
        "shared": AccountGroupPermission._meta.db_table,
        "permission": Permission._meta.db_table,
        "membership": groups.m2m_db_table(),
        "member": groups.m2m_column_name(),
        "group": groups.m2m_reverse_name(),
        "own_on_models": own.m2m_db_table(),
        "receiver": own.m2m_column_name(),
        "given": own.m2m_reverse_name(),
        "shared_on_models": shared.m2m_db_table(),
    }
    return {name: connection.ops.quote_name(text) for name, text in names.items()}


def _key(user: Any, connection: Any) -> Any:
    key: Any = get_user_model()._meta.pk
    return key.get_db_prep_value(user, connection)
