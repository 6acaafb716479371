"""How the list of accounts describes itself (OpenAPI)."""

from __future__ import annotations

from typing import Any, Final

from drf_spectacular.utils import extend_schema_view

from django_report_scheduling.api.accounts.serializers import AccountSerializer
from django_report_scheduling.api.schema.parts import exemplify, operation

EXAMPLE: Final[dict[str, Any]] = {
    "id": "01956a3c-7d10-7c2e-9f3a-1d2b3c4d5e6f",
    "name": "Acme",
    "slug": "acme",
    "active": True,
    "locale": "de-CH",
    "role": "account_manager",
    "schedules": 3,
    "max_schedules": 10,
}
exemplify(AccountSerializer, "Acme", EXAMPLE)

described: Final = extend_schema_view(
    list=operation(
        summary="List the accounts", description="The accounts whose reports you may see, with your role on each."
    )
)
