"""Who has been deactivated is nobody any more, whatever the host's authentication says."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from tests.api.matrix.endpoints import ENDPOINTS, Endpoint
from tests.api.matrix.requests import faults
from tests.api.world.world import World
from tests.factories import UserFactory


@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=str)
def test_attack_093_a_token_that_outlives_its_person_is_refused(endpoint: Endpoint, world: World) -> None:
    browser = APIClient()
    browser.force_authenticate(UserFactory(is_active=False, is_superuser=True))

    response = browser.get(endpoint.paths(world.alpha.schedule.pk)[0])

    assert response.status_code == 401
    assert faults(response, "GET") == []
