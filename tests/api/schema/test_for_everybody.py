"""The document says nothing of rows, whoever asks for it, and its examples are what the server really says."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from django_report_scheduling.access.roles import grant
from django_report_scheduling.api.accounts.schema import EXAMPLE as ACCOUNT
from django_report_scheduling.api.report_types.schema import EXAMPLE as REPORT_TYPE
from django_report_scheduling.api.reports import examples as of_reports
from django_report_scheduling.api.schedules import examples as of_schedules
from django_report_scheduling.api.webhooks import examples as of_webhooks
from django_report_scheduling.choices import Role
from tests.api.world.world import World
from tests.extras import needs_webhooks
from tests.factories import AccountFactory, DeliveryFactory, UserFactory

urlpatterns = [
    path("api/v1/", include("django_report_scheduling.api.urls")),
    path("schema/", SpectacularAPIView.as_view()),
]
JSON = "application/json"


@pytest.mark.urls(__name__)
def test_attack_098_everybody_reads_the_same_and_nobodys_names_or_ids(world: World) -> None:
    documents = {browser.get("/schema/").content.decode() for browser in world.browsers.values()}

    (document,) = documents
    told = [
        text for home in (world.alpha, world.bravo) for text in (*home.ids(), home.account.name, home.colleague.email)
    ]
    assert [text for text in told if text in document] == []


@pytest.fixture
def manager() -> Client:
    """The browser of somebody who manages one account."""
    user = UserFactory(username="jane")
    grant(account=AccountFactory(), holder=user, role=Role.ACCOUNT_MANAGER)
    browser = Client()
    browser.force_login(user)
    return browser


def get(browser: Client, address: str) -> Any:
    return browser.get(f"/api/v1/{address}").json()


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_report")
def test_what_the_examples_send_is_taken_and_what_they_show_is_answered(manager: Client) -> None:
    (account,) = get(manager, "accounts/")["results"]
    assert account.keys() == ACCOUNT.keys()
    assert {*get(manager, "report-types/")["results"][0]} == {*REPORT_TYPE}

    wish = {**of_schedules.SENT, "account": account["id"], "report_type": "sample"}
    created = manager.post("/api/v1/report-schedules/", wish, content_type=JSON)
    assert created.status_code == 201, created.content
    schedule = created.json()
    varying = {
        "id",
        "account",
        "account_name",
        "report_type",
        "report_title",
        "parameters",
        "next_run_at",
        "created_by",
    }
    varying |= {"starts_at", "created_at", "updated_at"}
    assert schedule.keys() == of_schedules.ANSWERED.keys()
    assert {name: schedule[name] for name in schedule.keys() - varying} == {
        name: of_schedules.ANSWERED[name] for name in schedule.keys() - varying
    }

    (run,) = get(manager, f"report-schedules/{schedule['id']}/next-runs/?count=1")["results"]
    assert run.keys() == of_schedules.NEXT_RUNS["results"][0].keys()
    (event,) = get(manager, f"report-schedules/{schedule['id']}/timeline/")["results"]
    same = ("verb", "text", "actor", "object_type")
    assert [event[name] for name in same] == [of_schedules.EVENT[name] for name in same]


@pytest.mark.django_db
@pytest.mark.usefixtures("sample_report")
def test_reports_and_deliveries_are_answered_as_the_examples_show() -> None:
    delivery = DeliveryFactory()
    browser = Client()
    browser.force_login(UserFactory(is_superuser=True))

    assert get(browser, f"reports/{delivery.report_id}/").keys() == of_reports.REPORT.keys()
    (shown,) = get(browser, f"reports/{delivery.report_id}/deliveries/")["results"]
    assert shown.keys() == of_reports.DELIVERY.keys()


@needs_webhooks
@pytest.mark.django_db
def test_webhooks_are_answered_as_the_examples_show(manager: Client) -> None:
    (account,) = get(manager, "accounts/")["results"]
    wish = {**of_webhooks.SENT, "account": account["id"]}

    created = manager.post("/api/v1/webhooks/", wish, content_type=JSON)

    assert created.status_code == 201, created.content
    webhook = created.json()
    assert webhook.keys() == of_webhooks.WITH_SECRET.keys()
    varying = {"id", "account", "account_name", "created_by", "created_at", "updated_at", "secret"}
    assert {name: webhook[name] for name in webhook.keys() - varying} == {
        name: of_webhooks.WITH_SECRET[name] for name in webhook.keys() - varying
    }
    changed = manager.patch(f"/api/v1/webhooks/{webhook['id']}/", {"description": "Bills"}, content_type=JSON).json()
    assert (changed.keys(), changed["secret"]) == (of_webhooks.CHANGED.keys(), None)
    (ping,) = get(manager, f"webhooks/{webhook['id']}/deliveries/")["results"]
    assert ping.keys() == of_webhooks.DELIVERY.keys()
