"""Filters of lists, as strict as everything else that is read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import CharFilter, Filter
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.views import APIView

from django_report_scheduling.api.errors import InvalidInput
from django_report_scheduling.api.fields import Moment
from django_report_scheduling.api.keys import key_of
from django_report_scheduling.api.pagination import Pages
from django_report_scheduling.api.query_strings import require_known


class StrictFilters(DjangoFilterBackend, BaseFilterBackend):
    """Applies the ``filterset_class`` of a view to its list; other actions read their own parameters, if any."""

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: APIView) -> QuerySet[Any]:
        """Return the rows that pass.

        :raises ValidationError: by parameter, for what is unknown, given twice, empty, or not valid.
        """
        if getattr(view, "detail", False):
            return queryset
        filterset = self.get_filterset_class(view, queryset)
        known = [] if filterset is None else filterset.base_filters
        require_known(request, [*known, *Pages.query_parameters])
        empty = [name for name in known if request.query_params.get(name) == ""]
        if empty:
            raise InvalidInput({name: [_("Give a value, or leave the parameter out.")] for name in empty})
        filtered: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return filtered


class KeyFilter(CharFilter):
    """Rows that refer to one row, by its key.

    The key is only compared, never looked up: that of a row which the person may not see finds as little as that of one
    which does not exist.
    """

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Return the rows that refer to it.

        :raises InvalidInput: this can be no key.
        """
        if not value:
            return qs
        try:
            key = key_of(qs.model._meta.get_field(self.field_name).target_field, value)
        except ValidationError as error:
            raise InvalidInput({str(self.field_name): [_("This is not an id.")]}) from error
        return qs.filter(**{f"{self.field_name}_id": key})


class _MomentField(forms.CharField):
    """Reads an instant from a query string as bodies are read."""

    def to_python(self, value: Any) -> Any:
        """Return the instant, or nothing.

        :raises ValidationError: it is none, or has no offset.
        """
        if value in self.empty_values:
            return None
        try:
            return Moment().to_internal_value(value)
        except serializers.ValidationError as error:
            raise ValidationError([str(message) for message in error.detail]) from error


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentFilter(Filter):
    """Compares with an instant, written with its offset from UTC."""

    field_class = _MomentField
