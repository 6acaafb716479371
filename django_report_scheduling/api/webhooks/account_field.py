"""The account of a webhook: chosen once, by somebody who manages it."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from django_report_scheduling.api.account_field import AccountField


class WebhookAccountField(AccountField):
    """As for a schedule, in other words."""

    default_error_messages: ClassVar = {
        "fixed": _("A webhook stays with its account. Leave this out, or set up another webhook.")
    }
