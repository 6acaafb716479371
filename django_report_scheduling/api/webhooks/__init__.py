"""Webhook endpoints over HTTP: for those who manage the account, and for nobody else."""

from __future__ import annotations
