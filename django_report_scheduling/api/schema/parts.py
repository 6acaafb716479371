"""What the descriptions of the views are made of; each view has its own in the ``schema.py`` beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework.serializers import BaseSerializer, Serializer

from django_report_scheduling.api.schema.operations import OperationSchema

Method = TypeVar("Method", bound=Callable[..., Any])

NO_BODY: Final[dict[str, Any]] = {"request": None, "errors": [413, 415]}
"""Of a request that says everything by its address; a body is refused as everywhere."""
IDEMPOTENCY_KEY: Final = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    OpenApiParameter.HEADER,
    description=(
        "A name of your own for this wish, such as a UUID: repeated with the same one, say after a lost connection, the"
        " request answers with the same report instead of asking for another."
    ),
    examples=[OpenApiExample("UUID", "0b1c9a52-6f6e-4c7c-9a8e-3f3b8a4f0d11")],
)


def operation(*, errors: Sequence[int] = (), **description: Any) -> Callable[[Method], Method]:
    """Describe a method of a view.

    :param errors: statuses that it may answer beside those of all its kind.
    :param description: what ``drf_spectacular.utils.extend_schema`` takes.
    """
    base = type("DescribedOperation", (OperationSchema,), {"more_errors": tuple(errors)})

    def describe(method: Method) -> Method:
        # On our own class, as the decorator would take the one that the host has set for all views.
        method.kwargs = {**getattr(method, "kwargs", {}), "schema": base}  # type: ignore[attr-defined]  # as @action does
        described: Method = extend_schema(**description)(method)
        return described

    return describe


def location(status: int, what: str) -> OpenApiParameter:
    """Return the header that says where a client finds what came of the request."""
    return OpenApiParameter(
        "Location", OpenApiTypes.URI_REF, OpenApiParameter.HEADER, required=True, response=[status], description=what
    )


def exemplify(serializer: type[BaseSerializer[Any]], name: str, answer: Any, request: Any = None) -> None:
    """Show what a serializer answers, and what it is sent, wherever it is used."""
    examples = [OpenApiExample(name, answer, response_only=True, status_codes=["200", "201", "202"])]
    if request is not None:
        examples.append(OpenApiExample(name, request, request_only=True))
    extend_schema_serializer(examples=examples)(serializer)


def all_at_once(name: str, row: BaseSerializer[Any]) -> type[Serializer[Any]]:
    """Return the serializer of a list without pages: ``{"results": [...]}``.

    :param name: of the component.
    :param row: serializer of the rows, with ``many=True``.
    """
    found: type[Serializer[Any]] = extend_schema_serializer(many=False)(type(name, (Serializer,), {"results": row}))
    return found
