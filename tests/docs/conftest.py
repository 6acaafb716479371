"""Receivers behind real TLS, for the page that shows how to send to one."""

from __future__ import annotations

from tests.delivery.webhook.conftest import authority, authority_file, client_for

__all__ = ["authority", "authority_file", "client_for"]
