"""How the addresses describe themselves (OpenAPI)."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema_view

from django_report_scheduling.api.recipients.serializers import RecipientSerializer
from django_report_scheduling.api.schema.parts import exemplify, operation

EXAMPLE: Final[dict[str, Any]] = {
    "id": "01956a3d-2b40-7c11-8d22-e3f4a5b6c7d8",
    "account": "01956a3c-7d10-7c2e-9f3a-1d2b3c4d5e6f",
    "account_name": "Acme",
    "address": "jane@customer.example",
    "state": "unsubscribed",
    "suppressed": True,
    "created_at": "2026-03-02T07:00:02Z",
    "updated_at": "2026-03-09T07:12:44Z",
}
exemplify(RecipientSerializer, "Unsubscribed", EXAMPLE)

described: Final = extend_schema_view(
    list=operation(
        summary="List the recipients",
        description="The addresses that the accounts you manage write to, with what the people there have said.",
    ),
    ask=operation(
        summary="Ask a recipient again",
        responses={202: RecipientSerializer},
        request=None,
        errors=(403, 413, 415),
    ),
)
