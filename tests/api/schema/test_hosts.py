"""The document is right whatever else a host has set; each host is a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.api.schema.test_document import PUBLISHED

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import importlib, json, os, sys
from django.conf import settings
host = importlib.import_module(os.environ["DJANGO_SETTINGS_MODULE"])
for name, value in json.loads(sys.argv[1]).items():
    setattr(host, name, {**getattr(host, name, {}), **value})
import django
django.setup()
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.validation import validate_schema
document = SchemaGenerator().get_schema(public=True)
validate_schema(document)
GENERATOR_STATS.emit_summary()
print(OpenApiJsonRenderer().render(document).decode())
"""
SPECTACULAR = "SPECTACULAR_SETTINGS"


def describe(settings: dict[str, Any], **environment: str) -> dict[str, Any]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "SWAPPED_"))}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, json.dumps(settings)],
        cwd=ROOT,
        env={**variables, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": "", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (result.returncode, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(PUBLISHED.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    "settings",
    [
        {"REST_FRAMEWORK": {"DEFAULT_SCHEMA_CLASS": "rest_framework.schemas.openapi.AutoSchema"}},
        {SPECTACULAR: {"COMPONENT_SPLIT_REQUEST": True}},
        {SPECTACULAR: {"COMPONENT_SPLIT_PATCH": False}},
        {SPECTACULAR: {"OPERATION_ID_METHOD_POSITION": "PRE"}},
        {SPECTACULAR: {"POSTPROCESSING_HOOKS": []}},
        {SPECTACULAR: {"SCHEMA_PATH_PREFIX": "/api"}},
        {
            "REST_FRAMEWORK": {
                "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
                "DEFAULT_FILTER_BACKENDS": ["rest_framework.filters.SearchFilter"],
                "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.FormParser"],
                "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
            }
        },
    ],
    ids=lambda settings: ", ".join(next(iter(settings.values()))),
)
def test_a_setting_of_the_host_changes_nothing(settings: dict[str, Any], published: dict[str, Any]) -> None:
    assert describe(settings) == published


def test_an_account_model_of_the_host_changes_nothing_but_the_ways_to_log_in(published: dict[str, Any]) -> None:
    found = describe(
        {SPECTACULAR: {"OAS_VERSION": "3.1.1"}},
        DJANGO_SETTINGS_MODULE="tests.swapped.settings",
        SWAPPED_ACCOUNT_MODEL="crm.Customer",
    )

    assert found["components"]["schemas"] == published["components"]["schemas"]
    assert {*found["paths"]} == {*published["paths"]}


def test_it_is_valid_as_openapi_3_0_too() -> None:
    found = describe({SPECTACULAR: {"OAS_VERSION": "3.0.3"}})

    page = found["components"]["schemas"]["PaginatedReportScheduleList"]
    assert page["properties"]["next"]["nullable"] is True
