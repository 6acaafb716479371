"""What the system checks say about a project with other settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import checks
from django.core.checks import CheckMessage
from django.test import override_settings

import django_report_scheduling.checks  # noqa: F401  # registers them

Checked = Callable[..., list[CheckMessage]]


@pytest.fixture
def checked() -> Checked:
    """Run our checks with ``REPORT_SCHEDULING`` set to the first argument and Django's settings to the others."""

    def run(ours: Any = None, *, deploy: bool = False, **django_settings: Any) -> list[CheckMessage]:
        with override_settings(REPORT_SCHEDULING={} if ours is None else ours, **django_settings):
            messages = checks.run_checks(tags=["report_scheduling"], include_deployment_checks=deploy)
            return [message for message in messages if not message.is_silenced()]

    return run


@pytest.fixture
def only(checked: Checked) -> Callable[..., CheckMessage]:
    """The same, where exactly one message is expected."""

    def run(*args: Any, **kwargs: Any) -> CheckMessage:
        (message,) = checked(*args, **kwargs)
        return message

    return run
