"""Who only views sees no address and no name of another person, in no answer."""

from __future__ import annotations

import re

import pytest

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.models import Delivery
from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.table import LINES, Line
from tests.api.world.people import PEOPLE, Person, Standing
from tests.api.world.world import World
from tests.factories import NOW, DeliveryFactory

ADDRESS = re.compile(r"[^\s\"<>@]+@[^\s\"<>@]+")
CLIENTS = pytest.mark.parametrize(
    "person", [person for person in PEOPLE if person.to_alpha is Standing.CLIENT], ids=str
)


def address_everything_to(person: Person, world: World) -> None:
    """Make somebody one of the recipients of everything in ``alpha``."""
    for schedule in (world.alpha.schedule, world.alpha.paused, world.alpha.errored):
        type(schedule).objects.filter(pk=schedule.pk).update(recipients=[*schedule.recipients, person.email])
    for report in (world.alpha.report, world.alpha.orphan):
        DeliveryFactory(report=report, target=person.email, status=DeliveryStatus.SENT, wake_at=None, sent_at=NOW)


@CLIENTS
@pytest.mark.parametrize("line", [line for line in LINES if line.method == "GET"], ids=str)
def test_a_client_reads_no_address_but_their_own(line: Line, person: Person, world: World) -> None:
    address_everything_to(person, world)
    endpoint = ENDPOINTS[line.endpoint]
    path = endpoint.paths(world.row(line.row, "alpha", person).pk if endpoint.is_detail else "")[1]

    answer = world.browsers[person].get(path).serialize().decode()

    assert set(ADDRESS.findall(answer)) <= {person.email}
    assert world.alpha.colleague.username not in answer


@CLIENTS
def test_a_client_finds_their_own_address_among_the_recipients(person: Person, world: World) -> None:
    address_everything_to(person, world)

    body = world.browsers[person].get(ENDPOINTS["report-schedule-detail"].paths(world.alpha.schedule.pk)[1]).json()

    assert body["recipients"] == [person.email]
    assert body["created_by"] is None


@CLIENTS
def test_a_client_reads_of_deliveries_aimed_at_them_alone(person: Person, world: World) -> None:
    address_everything_to(person, world)

    body = world.browsers[person].get(ENDPOINTS["report-deliveries"].paths(world.alpha.report.pk)[1]).json()

    assert [delivery["target"] for delivery in body["results"]] == [person.email]


def test_a_manager_reads_of_every_recipient_and_delivery(world: World) -> None:
    browser = world.browser("manager")
    targets = set(Delivery.objects.filter(report=world.alpha.report).values_list("target", flat=True))

    schedule = browser.get(ENDPOINTS["report-schedule-detail"].paths(world.alpha.schedule.pk)[1]).json()
    deliveries = browser.get(ENDPOINTS["report-deliveries"].paths(world.alpha.report.pk)[1]).json()

    assert schedule["recipients"] == world.alpha.schedule.recipients
    assert {delivery["target"] for delivery in deliveries["results"]} == targets
