"""What webhooks need, where the project means to send them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Warning  # noqa: A004  # Django's name for it

from django_report_scheduling.checks.configured import named
from django_report_scheduling.checks.value_rules import is_sound
from django_report_scheduling.conf import conf
from django_report_scheduling.delivery.webhook.libraries import missing_libraries
from django_report_scheduling.models.delivery import WEBHOOK


def check_webhook_libraries(**_kwargs: Any) -> Sequence[CheckMessage]:
    """W008: there are keys for the secrets of webhooks, but no libraries to send any."""
    if not is_sound("SECRET_KEYS", "CHANNELS") or not conf.SECRET_KEYS or WEBHOOK not in conf.CHANNELS:
        return []
    missing = missing_libraries()
    if not missing:
        return []
    return [
        Warning(
            f"{named('SECRET_KEYS')} is set, but webhooks cannot be sent: {', '.join(missing)} is not installed.",
            hint="Run: pip install 'django-report-scheduling[webhooks]'. "
            f'Or take "{WEBHOOK}" out of {named("CHANNELS")}, or {named("SECRET_KEYS")} away.',
            id="report_scheduling.W008",
        )
    ]
