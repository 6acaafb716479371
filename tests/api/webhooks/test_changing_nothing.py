"""A PATCH that changes nothing leaves nothing behind: no audit event, no later date, no ping."""

from __future__ import annotations

from typing import Any

import pytest

from django_report_scheduling.models import AbstractAccount, AuditEvent, Delivery, WebhookEndpoint
from tests.api.webhooks.conftest import As
from tests.factories import WebhookEndpointFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("names", [[], ["url", "events", "description"]])
def test_nothing_or_the_present_values_are_no_change(
    names: list[str], api: As, manager: Any, account: AbstractAccount
) -> None:
    endpoint = WebhookEndpointFactory(account=account)
    fields = {name: getattr(endpoint, name) for name in names}

    answer = api(manager).patch(f"/api/v1/webhooks/{endpoint.pk}/", fields, format="json")

    assert answer.status_code == 200
    assert not AuditEvent.objects.filter(object_id=str(endpoint.pk)).exists()
    assert WebhookEndpoint.objects.get().updated_at == endpoint.updated_at
    assert not Delivery.objects.exists()
