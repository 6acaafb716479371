"""Invoices of accounts."""

from __future__ import annotations

from django.db import models

from django_report_scheduling.accounts import get_account_model_string


class Invoice(models.Model):
    account = models.ForeignKey(get_account_model_string(), on_delete=models.PROTECT)

    def __str__(self) -> str:
        return f"Invoice {self.pk}"
