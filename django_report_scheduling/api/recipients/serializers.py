"""Addresses as JSON, with what is known of the people there. When a mail last asked is not: it depends on others."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from django_report_scheduling.api.strict_serializers import StrictModelSerializer
from django_report_scheduling.models import RecipientConsent


class RecipientSerializer(StrictModelSerializer[RecipientConsent]):
    """One address that an account writes, or wants to write, to. Read only."""

    account = serializers.CharField(source="account_id", read_only=True, help_text=_("Id of the account."))
    account_name = serializers.CharField(source="account.name", read_only=True, help_text=_("Name of the account."))
    suppressed = serializers.BooleanField(
        read_only=True, help_text=_("Whether nothing is sent there, whoever lists it, until the person confirms.")
    )

    class Meta:
        model = RecipientConsent
        fields: ClassVar = [
            "id",
            "account",
            "account_name",
            "address",
            "state",
            "suppressed",
            "created_at",
            "updated_at",
        ]
        read_only_fields: ClassVar = fields
