"""Bodies read by our fields, and refused where they say something that we would have to ignore."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any, ClassVar, Final, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from rest_framework import serializers

from django_report_scheduling.api.fields import Choice, Moment, Seconds, Text, WallTime, WholeNumber

M = TypeVar("M", bound=models.Model)
MOST_NAMED: Final = 20


class StrictModelSerializer(serializers.ModelSerializer[M]):
    """A model serializer whose fields take one type each, and that knows every name in the body."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.CharField: Text,
        models.TextField: Text,
        models.DateTimeField: Moment,
        models.DurationField: Seconds,
        models.PositiveSmallIntegerField: WholeNumber,
        models.SmallIntegerField: WholeNumber,
        models.TimeField: WallTime,
    }
    serializer_choice_field = Choice

    def to_internal_value(self, data: Any) -> Any:
        """Read the body. What only we set is passed over, what is unknown is an error, so that no typing error is lost.

        :raises ValidationError: by field.
        """
        unknown = islice((name for name in data if name not in self.fields), MOST_NAMED) if _is_object(data) else ()
        errors: dict[str, Any] = {str(name)[:64]: [_("There is no such field.")] for name in unknown}
        values: Any = {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            errors |= error.detail if isinstance(error.detail, dict) else {}
        if errors:
            raise serializers.ValidationError(errors)
        return values


def _is_object(data: Any) -> bool:
    return isinstance(data, Mapping)
