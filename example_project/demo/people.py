"""The three users of the demo, one per role."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.management import CommandError
from django.db import transaction
from example_project.var_folder import remembered_secret

from django_report_scheduling.choices import Role
from django_report_scheduling.models import AbstractAccount
from django_report_scheduling.services.roles import grant_role

ADMIN, MANAGER, CLIENT = "admin", "manager", "client"
ROLES = {MANAGER: Role.ACCOUNT_MANAGER, CLIENT: Role.CLIENT}


def demo_password() -> str:
    """Return the password of the demo users: ``DEMO_PASSWORD``, or one that is made up once and kept."""
    given: str = settings.DEMO_PASSWORD
    return given or remembered_secret(settings.VAR_DIR / "demo_password", length=9)


def email_of(username: str) -> str:
    """Return the mail address of a demo user."""
    return f"{username}@example.com"


def ensure_people(*, password: str) -> dict[str, AbstractUser]:
    """Create the users, or set their password anew; returns them by name.

    :raises CommandError: a user of that name is there who is not of the demo.
    """
    with transaction.atomic():
        return {username: _ensure_user(username, password) for username in (ADMIN, MANAGER, CLIENT)}


def grant_roles(*, account: AbstractAccount, people: dict[str, AbstractUser], now: dt.datetime) -> None:
    """Make manager and client what they are called, for one account."""
    for username, role in ROLES.items():
        grant_role(account=account, holder=people[username], role=role, actor=people[ADMIN], now=now)


def _ensure_user(username: str, password: str) -> AbstractUser:
    is_admin = username == ADMIN
    user, _created = get_user_model().objects.get_or_create(
        username=username,
        defaults={"email": email_of(username), "is_staff": is_admin, "is_superuser": is_admin},
    )
    if user.email != email_of(username):
        msg = (
            f"The database has a user {username!r} who is not of the demo ({user.email or 'no mail address'}). "
            f"Point DATABASE_URL at a database of the demo's own, or unset it."
        )
        raise CommandError(msg)
    if not user.check_password(password):
        user.set_password(password)
        user.save(update_fields=["password"])
    return user
