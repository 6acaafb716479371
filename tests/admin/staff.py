"""People at a browser, and the addresses of pages."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:report_scheduling_{name}", args=args)


def staff(*codenames: str, **fields: Any) -> Any:
    """A member of staff with these model permissions."""
    user = UserFactory(is_staff=True, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def browser(user: Any, *, csrf: bool = False) -> Client:
    client = Client(enforce_csrf_checks=csrf)
    client.force_login(user)
    return client


def choose(client: Client, model: str, action: str, *rows: Any, **more: Any) -> Any:
    """Choose rows in a list and an action for them."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], **more}
    return client.post(page(f"{model}_changelist"), data, follow=True)


def told(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]
