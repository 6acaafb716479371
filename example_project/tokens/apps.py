"""The Django app ``tokens``."""

from __future__ import annotations

from django.apps import AppConfig
from django.core import checks

from tokens.checks import check_settings


class TokensConfig(AppConfig):
    """App ``tokens``: one model, three endpoints, one periodic task."""

    name = "tokens"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the settings checked with everything else."""
        checks.register(check_settings, checks.Tags.security)
