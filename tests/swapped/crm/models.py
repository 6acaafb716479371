"""Customers, as accounts."""

from __future__ import annotations

from django.db import models

from django_report_scheduling.models import AbstractAccount


class Customer(AbstractAccount):
    id = models.AutoField(primary_key=True)
    customer_number = models.CharField(max_length=20, unique=True)

    class Meta(AbstractAccount.Meta):
        abstract = False
        verbose_name = "customer"
