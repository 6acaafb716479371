"""An account that forgot to inherit ``AbstractAccount.Meta``."""

from __future__ import annotations

from django_report_scheduling.models import AbstractAccount


class Tenant(AbstractAccount):
    class Meta:
        verbose_name = "tenant"
