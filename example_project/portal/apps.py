"""The Django app ``portal``."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """App ``portal``: a few server-rendered pages, no models."""

    name = "portal"
