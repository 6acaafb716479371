"""``grant``: give or take a role on an account."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import AbstractUser, Group
from django.core.management.base import CommandError

from django_report_scheduling.choices import Role
from django_report_scheduling.management.lookup import find_account, find_user, some_of
from django_report_scheduling.management.subcommands.base import Subcommand
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.roles import grant_role, revoke_roles


class Grant(Subcommand):
    """Writes down in the audit record what it does, as every change of roles does."""

    help = "Give a user or a group a role on an account, or take every role away."

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declare who, what and where."""
        parser.add_argument("account", metavar="ACCOUNT", help="Slug or primary key of the account.")
        parser.add_argument("user", metavar="USER", nargs="?", help="User name or mail address.")
        parser.add_argument("--group", metavar="NAME", help="A group instead of a user.")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--role",
            choices=Role.values,
            help="account_manager sets schedules up and sees reports; client sees reports.",
        )
        what.add_argument("--revoke", action="store_true", help="Take every role on the account away.")

    def run(self, **options: Any) -> None:
        """Change the role.

        :raises CommandError: account, user or group is not known.
        """
        if (options["user"] is None) == (options["group"] is None):
            msg = "Name either a USER or a --group."
            raise CommandError(msg)
        account = find_account(options["account"])
        holder = _find_group(options["group"]) if options["group"] is not None else find_user(options["user"])
        if options["revoke"]:
            revoke_roles(account=account, holder=holder, actor=None, now=database_now())
            self.stdout.write(f"“{holder}” no longer has a role on “{account.slug}”.")
            return
        grant_role(account=account, holder=holder, role=Role(options["role"]), actor=None, now=database_now())
        self.stdout.write(f"“{holder}” is {options['role']} of “{account.slug}”.")
        if isinstance(holder, AbstractUser) and not holder.is_active:
            self.stderr.write(f"“{holder}” is inactive, so the role has no effect until that changes.")


def _find_group(name: str) -> Group:
    group = Group.objects.filter(name=name).first()
    if group is None:
        known = some_of(Group.objects.order_by("name").values_list("name", flat=True))
        msg = f"There is no group {name!r}. Known are: {known}."
        raise CommandError(msg)
    return group
