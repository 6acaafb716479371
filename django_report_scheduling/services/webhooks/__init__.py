"""Webhook endpoints: setting them up, telling them what happened, and stopping those that do not answer."""

from __future__ import annotations
