"""Operations: stable names for generated clients, and everything that all of them have in common said once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.permissions import SAFE_METHODS
from rest_framework.viewsets import GenericViewSet

from django_report_scheduling.api.permissions import IsActivePerson
from django_report_scheduling.api.schema.components import ComponentSchema, Schema
from django_report_scheduling.api.schema.error_answers import error_answers, error_schemas, response
from django_report_scheduling.api.schema.links import links_from
from django_report_scheduling.api.schema.namespace import resource_name
from django_report_scheduling.api.schema.vocabularies import described, vocabulary_of

SUCCESSES: Final = {
    "200": "What was asked for.",
    "201": "It has been made.",
    "202": "It has been accepted, and workers see to it.",
}


class OperationSchema(ComponentSchema):
    """Describes one method of one path. What differs between views is said beside them, in their ``schema.py``."""

    more_errors: tuple[int, ...] = ()
    """What one operation may answer beside that which all of its kind may."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Schema | None:
        """Return the operation with all its errors and links, or ``None`` where it is left out."""
        operation: Schema | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        for parameter in operation.get("parameters", []):
            self._refine(parameter)
        for status, answer in operation["responses"].items():
            answer["description"] = answer["description"] or SUCCESSES[status]
            _add_links(answer)
        operation["responses"] |= self._errors(with_body="requestBody" in operation)
        return operation

    def get_operation_id(self) -> str:
        """Return the resource and what is done with it: the same wherever the host mounts the API."""
        return f"{self._resource()}_{self._viewset().action}".replace("-", "_")

    def get_tags(self) -> list[str]:
        """Group by resource."""
        return [self._resource()]

    def get_description(self) -> str:  # type: ignore[override]  # as its base does
        """Return what the docstring promises, without what it tells programmers."""
        text = str(super().get_description()) if self._is_documented() else ""
        return text.partition("\n:")[0].strip()

    def _is_documented(self) -> bool:
        action = getattr(self.view, self._viewset().action)
        return bool(action.__doc__) and action.__module__.startswith("django_report_scheduling.")

    def _viewset(self) -> GenericViewSet[Any]:
        return cast("GenericViewSet[Any]", self.view)

    def _resource(self) -> str:
        return resource_name(self._viewset().basename)

    def _has_pages(self) -> bool:
        return self._is_list_view() and self._viewset().pagination_class is not None

    def _refine(self, parameter: Schema) -> None:
        if parameter["in"] == "path":
            parameter["schema"] = {"type": "string", "format": "uuid"}  # the path itself takes anything, and says 404
        vocabulary = vocabulary_of(parameter["schema"].get("enum", ()))
        if vocabulary is not None:
            parameter["schema"] = self.component(*described(vocabulary))

    def _errors(self, *, with_body: bool) -> dict[str, Schema]:
        references = {name: self.component(name, schema) for name, schema in error_schemas().items()}
        known = error_answers()
        answers = {status: known[status] for status in self._error_statuses(with_body=with_body)}
        return {
            str(status): self.component(
                answer.name, response(answer, references[answer.component]), ResolvedComponent.RESPONSE
            )
            for status, answer in answers.items()
        }

    def _error_statuses(self, *, with_body: bool) -> Iterator[int]:
        yield from (400, 401)
        if any(type(permission) is not IsActivePerson for permission in self._viewset().get_permissions()):
            yield 403
        if "{" in self.path or self._has_pages():  # a cursor may be nobody's
            yield 404
        if self.method not in SAFE_METHODS:
            yield 409
        if with_body:
            yield from (413, 415)
        if self.view.get_throttles():
            yield 429
        yield from self.more_errors


def _add_links(answer: Schema) -> None:
    reference = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref")
    links = links_from(reference) if reference else {}
    if links:
        answer["links"] = links
