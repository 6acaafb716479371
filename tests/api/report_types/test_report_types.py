"""GET report-types/: what there is to schedule."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from django_report_scheduling.reports import registry
from tests.api.callers import calling
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]

URL = "/api/v1/report-types"


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_type_is_described_so_that_a_form_can_be_built(slash: str) -> None:
    answer = calling(UserFactory()).get(f"{URL}{slash}").json()

    (sample,) = [row for row in answer["results"] if row["key"] == "sample"]
    assert sample == {
        "key": "sample",
        "title": "Sample report",
        "description": "",
        "formats": ["pdf", "html", "xlsx", "csv", "json"],
        "parameters": [
            {
                "name": "rows",
                "label": "Rows",
                "help_text": "",
                "type": "integer",
                "required": False,
                "default": 2,
                "choices": None,
            }
        ],
    }


def test_all_types_are_listed_in_order_of_their_keys() -> None:
    rows = calling(UserFactory()).get(URL).json()["results"]

    assert [row["key"] for row in rows] == [report.key for report in registry]


def test_formats_are_those_that_the_host_configured(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {
        **settings.REPORT_SCHEDULING,
        "RENDERERS": {"json": "django_report_scheduling.rendering.json.JsonRenderer"},
    }

    assert {tuple(row["formats"]) for row in calling(UserFactory()).get(URL).json()["results"]} == {("json",)}


def test_the_database_is_asked_for_the_login_alone(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    api = calling(UserFactory())

    with django_assert_num_queries(2):  # session and user
        api.get(URL)


def test_it_is_refused_without_a_login_with_a_parameter_and_with_a_body() -> None:
    api = calling(UserFactory())

    assert APIClient().get(URL).status_code == 401
    assert api.get(f"{URL}?key=sample").status_code == 400
    assert api.post(URL, {}, format="json").status_code == 405
