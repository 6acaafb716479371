"""Pages by position in the order of creation: as fast at the millionth row as at the first, and without a count."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.plumbing import append_meta
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from django_report_scheduling.api.errors import InvalidInput
from django_report_scheduling.api.keys import key_of

ORDERINGS: Final = {"created_at": "pk", "-created_at": "-pk"}
"""Keys are time-ordered, hence their order is that of creation, and unique."""


class Pages(CursorPagination):
    """Newest first, 50 a page, 200 at most; ``ordering=created_at`` for oldest first."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering_query_param = "ordering"
    ordering = "-pk"
    query_parameters = ("cursor", "page_size", "ordering")
    """Names of the query parameters that this understands."""

    def get_page_size(self, request: Request) -> int:
        """Return how many rows a page has; more than the most are capped.

        :raises InvalidInput: it is not a positive number.
        """
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and text.strip("0")):
            raise InvalidInput(
                {self.page_size_query_param: [_("Give a number from 1 to %(most)d.") % {"most": self.max_page_size}]}
            )
        digits = text.lstrip("0")
        return (
            self.max_page_size if len(digits) > len(str(self.max_page_size)) else min(int(digits), self.max_page_size)
        )

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:  # noqa: ARG002  # the framework's signature
        """Return the order of the rows.

        :raises InvalidInput: it is not one of :data:`ORDERINGS`.
        """
        name = request.query_params.get(self.ordering_query_param, "-created_at")
        if name not in ORDERINGS:
            raise InvalidInput(
                {self.ordering_query_param: [_("Give one of: %(names)s.") % {"names": ", ".join(ORDERINGS)}]}
            )
        return (ORDERINGS[name],)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        """Return the rows of the page.

        :raises NotFound: the cursor is none of ours.
        """
        self._key = queryset.model._meta.pk
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Read where the page begins.

        A cursor is not secret, and whoever makes one up reads no row that the list would not show; it only has to be a
        key, and, as keys are unique, without an offset.
        """
        cursor = super().decode_cursor(request)
        if cursor is None:
            return None
        try:
            key_of(self._key, cursor.position)
        except ValidationError as error:
            raise NotFound(self.invalid_cursor_message) from error
        if cursor.offset:
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def get_paginated_response_schema(self, schema: Any) -> dict[str, Any]:
        """Describe a page (OpenAPI)."""
        address = append_meta({"type": "string", "format": "uri"}, {"nullable": True})
        if isinstance(schema, dict):  # and not what stands for an example
            schema["maxItems"] = self.max_page_size
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**address, "example": None, "description": "Address of the next page; null on the last."},
                "previous": {
                    **address,
                    "example": None,
                    "description": "Address of the page before; null on the first.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:  # noqa: ARG002  # the framework's signature
        """Describe the query parameters (OpenAPI)."""
        schemas: dict[str, tuple[str, dict[str, Any]]] = {
            self.cursor_query_param: ("Where the page begins: taken from `next` or `previous`.", {"type": "string"}),
            self.page_size_query_param: (
                f"Rows on a page; more than {self.max_page_size} count as {self.max_page_size}.",
                {"type": "integer", "minimum": 1, "default": self.page_size},
            ),
            self.ordering_query_param: (
                "Oldest or newest first.",
                {"type": "string", "enum": [*ORDERINGS], "default": "-created_at"},
            ),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, (text, schema) in schemas.items()
        ]
