"""The Django app ``demo``."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """App ``demo``: the commands ``demo`` and ``demo_setup``, no models."""

    name = "demo"
