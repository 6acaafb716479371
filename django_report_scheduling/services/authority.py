"""Whether somebody may do it, asked at the moment of writing.

A view asks too, before it reads the body; but a role can be taken in between. So each service that writes for somebody
asks again, inside its transaction and after it has locked the row, and reads nothing from memory.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.utils.translation import gettext as _

from django_report_scheduling.access.owners import administers, may_own
from django_report_scheduling.exceptions import NotPermitted


def require_manager(actor: AbstractUser | None, account_id: Any) -> None:
    """Make sure that the actor manages the reports of an account, in person, through a group, or as an administrator.

    :param actor: ``None`` is the system, which may.
    :raises NotPermitted: the actor does not, has been deactivated, or is gone.
    """
    if actor is not None and not may_own(actor.pk, account_id):
        raise NotPermitted(_("You may not do this: you do not manage the reports of this account."))


def require_administrator(actor: AbstractUser | None) -> None:
    """Make sure that the actor administers the reports of all accounts.

    :param actor: ``None`` is the system, which may.
    :raises NotPermitted: the actor does not, has been deactivated, or is gone.
    """
    if actor is not None and not administers(actor.pk):
        raise NotPermitted(_("Only an administrator may do this."))
