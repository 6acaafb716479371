"""The document is valid, complete and the one that the documentation offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from django_report_scheduling.api.base import ApiViewSet
from tests.api.schema.conftest import generated

PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "reference" / "openapi.yaml"
RENEW = "python -m django spectacular --settings tests.settings --file docs/reference/openapi.yaml"

Document = dict[str, Any]


def test_it_is_generated_and_valid_without_a_single_warning() -> None:
    assert generated().startswith("openapi: 3.1")


def test_it_keeps_to_the_specification(document: Document) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_published_document_is_the_present_one() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == generated(), f"The API has changed; renew its document: {RENEW}"


def test_every_operation_says_what_it_does_and_what_may_come_of_it(operations: Document) -> None:
    for name, operation in operations.items():
        assert operation["summary"], name
        assert {"400", "401"} < {*operation["responses"]}, name
        assert all("$ref" in answer or answer["description"] for answer in operation["responses"].values()), name


def test_every_operation_belongs_to_one_resource_whose_name_begins_its_id(operations: Document) -> None:
    for name, operation in operations.items():
        (tag,) = operation["tags"]
        assert name.startswith(tag.replace("-", "_") + "_")


def test_every_link_leads_to_an_operation_that_takes_what_it_gives(operations: Document) -> None:
    links = [
        link
        for operation in operations.values()
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]
    assert links
    for link in links:
        taken = {f"{part['in']}.{part['name']}" for part in operations[link["operationId"]]["parameters"]}
        assert {*link["parameters"]} <= taken, link


def test_every_example_is_an_instance_of_its_schema(document: Document) -> None:
    examples = list(_examples(document))
    assert len(examples) > 20
    for schema, example in examples:
        Draft202012Validator({**schema, "components": document["components"]}).validate(example)


def test_every_answer_with_a_body_has_an_example(document: Document, operations: Document) -> None:
    answers = {
        (name, status): document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
        if "$ref" in answer
        else answer
        for name, operation in operations.items()
        for status, answer in operation["responses"].items()
    }
    assert {
        place
        for place, answer in answers.items()
        for content in answer.get("content", {}).values()
        if not content.get("examples")
    } == set()


def test_all_names_of_components_begin_alike_so_that_a_host_may_use_all_others(document: Document) -> None:
    names = {name for kind in ("schemas", "responses") for name in document["components"][kind]}
    assert {name for name in names if not name.startswith(("Report", "PaginatedReport", "PatchedReport"))} == set()


def test_a_host_that_throttles_is_described_as_throttling(
    operations: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rest_framework.throttling import UserRateThrottle

    class Throttle(UserRateThrottle):
        rate = "1/s"

    def throttled() -> set[str]:
        paths = yaml.safe_load(generated())["paths"].values()
        described = [operation for path in paths for operation in path.values()]
        return {each["operationId"] for each in described if "429" in each["responses"]}

    counted = ("create", "partial_update", "ping", "reactivate", "replay")
    assert throttled() == {f"report_webhooks_{act}" for act in counted}
    monkeypatch.setattr(ApiViewSet, "throttle_classes", [Throttle])
    assert throttled() == set(operations)


def _examples(part: Any) -> Any:
    """Every schema that stands beside examples, with each of them."""
    if isinstance(part, dict):
        if "schema" in part:
            yield from ((part["schema"], example["value"]) for example in part.get("examples", {}).values())
        for value in part.values():
            yield from _examples(value)
    elif isinstance(part, list):
        for value in part:
            yield from _examples(value)
