"""What describes the API describes no rows: attack 098."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request

from tests.api.matrix.endpoints import ENDPOINTS, Endpoint
from tests.api.matrix.requests import seen
from tests.api.world.people import LOGGED_IN, Person
from tests.api.world.world import World
from tests.factories import UserFactory


@pytest.mark.parametrize("person", LOGGED_IN, ids=str)
@pytest.mark.parametrize("endpoint", ENDPOINTS.values(), ids=str)
def test_attack_098_options_tell_the_same_to_everybody_about_every_row(
    endpoint: Endpoint, person: Person, world: World
) -> None:
    ids = [*world.alpha.ids(), *world.bravo.ids(), "no-uuid"] if endpoint.is_detail else [""]

    answers = [seen(world.browsers[person].options(endpoint.paths(row_id)[1])) for row_id in ids]

    status, body, headers = answers[0]
    assert (status, body) == (204, b"")
    assert set(headers["Allow"].split(", ")) >= endpoint.methods
    assert all(answer == answers[0] for answer in answers)


def schema_for(user: object, *, public: bool) -> str:
    request = Request(RequestFactory().get("/"))
    request.user = user
    return json.dumps(SchemaGenerator().get_schema(request=request, public=public))


def test_attack_098_the_schema_is_the_same_for_everybody_and_names_no_row(world: World) -> None:
    manager = world.alpha.colleague
    people = [AnonymousUser(), UserFactory(), UserFactory(is_superuser=True), manager]

    schemas = {schema_for(user, public=True) for user in people}

    assert len(schemas) == 1
    (schema,) = schemas
    canaries = ["alpha", "bravo", *world.alpha.ids(), *world.bravo.ids(), manager.email, manager.username]
    assert [canary for canary in canaries if canary in schema] == []
