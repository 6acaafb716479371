"""Fields that take exactly one type of JSON value each.

Django REST framework's own turn numbers into text, ``true`` into 1, and a time without an offset into one of the
server's zone, as a form would. A program that sends the wrong type has a fault, and is told.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any, ClassVar, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import ISO_8601, serializers
from rest_framework.fields import empty

_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(?P<offset>Z|[+-][0-9]{2}:[0-9]{2})?"
)
_WALL_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?")


class Text(serializers.CharField):
    """A string."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text.

        :raises ValidationError: it is something else.
        """
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class WholeNumber(serializers.IntegerField):
    """An integer: no string of digits, no fraction, no truth value."""

    def to_internal_value(self, data: Any) -> int:
        """Return the number.

        :raises ValidationError: it is something else.
        """
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return int(data)


class Seconds(WholeNumber):
    """A duration as a whole number of seconds."""

    def to_representation(self, value: Any) -> int:
        """Return the seconds."""
        return int(value.total_seconds())

    def run_validation(self, data: Any = empty) -> Any:
        """Return the duration, whose number of seconds has passed the checks."""
        value = super().run_validation(data)
        return dt.timedelta(seconds=value) if isinstance(value, int) else value


class Choice(serializers.ChoiceField):
    """One of a fixed set of strings."""

    default_error_messages: ClassVar = {"invalid_choice": _("Give one of: {choices}.")}

    def to_internal_value(self, data: Any) -> Any:
        """Return the choice.

        :raises ValidationError: it is none; the value is not repeated, as it may be long.
        """
        if not isinstance(data, str) or data not in self.choices:
            self.fail("invalid_choice", choices=", ".join(map(str, self.choices)))
        return data


class Moment(serializers.DateTimeField):
    """An instant, as RFC 3339 writes it: read with any offset, never without one, and answered in UTC with ``Z``."""

    default_error_messages: ClassVar = {
        "format": _("Write the moment as in 2026-03-02T08:00:00+01:00 or 2026-03-02T07:00:00Z."),
        "naive": _("The offset from UTC is missing: write the moment as in 2026-03-02T08:00:00+01:00, or with Z."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"format": ISO_8601, "default_timezone": dt.UTC, **kwargs})

    def to_internal_value(self, value: Any) -> dt.datetime:
        """Return the instant, aware, in UTC.

        :raises ValidationError: it is something else, has no offset, or lies outside of the calendar.
        """
        match = _MOMENT.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.fail("format")
        if match["offset"] is None:
            self.fail("naive")
        try:
            moment = dt.datetime.fromisoformat(match[0])
        except ValueError:
            self.fail("format")
        return self.enforce_timezone(moment)


@extend_schema_field({"type": "string", "format": "time-local"})  # RFC 3339 partial-time; `time` has an offset
class WallTime(serializers.TimeField):
    """A time of day on the clock of some place, hence without an offset."""

    default_error_messages: ClassVar = {
        "invalid": _("Write the local time as in 08:00 or 17:30:15, without an offset: the time zone is a field.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"format": ISO_8601, **kwargs})

    def to_internal_value(self, value: Any) -> dt.time:
        """Return the time.

        :raises ValidationError: it is something else.
        """
        if not isinstance(value, str) or not _WALL_TIME.fullmatch(value):
            self.fail("invalid")
        try:
            return dt.time.fromisoformat(value)
        except ValueError:
            self.fail("invalid")


class Texts(serializers.ListField):
    """A list of strings; one that is too long is refused before its items are looked at."""

    child = Text(max_length=320, allow_blank=True)

    def to_internal_value(self, data: Any) -> list[Any]:
        """Return the list.

        :raises ValidationError: it is something else; by number for items that are.
        """
        if isinstance(data, list) and self.max_length is not None and len(data) > self.max_length:
            raise serializers.ValidationError(
                _("At most %(limit)d entries, got %(number)d.") % {"limit": self.max_length, "number": len(data)}
            )
        return super().to_internal_value(data)


MAX_NAMES: Final = 100
MAX_BYTES: Final = 16 * 1024


@extend_schema_field({"type": "object", "additionalProperties": True, "maxProperties": MAX_NAMES})
class Mapping(serializers.DictField):
    """An object of any JSON values, with a limit to its names and to its size."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the object as it is.

        :raises ValidationError: it is something else, or too large.
        """
        if not isinstance(data, dict):
            self.fail("not_a_dict", input_type=type(data).__name__)
        try:
            size = len(json.dumps(data, ensure_ascii=False).encode())
        except RecursionError:
            size = MAX_BYTES + 1
        if len(data) > MAX_NAMES or size > MAX_BYTES:
            raise serializers.ValidationError(
                _("At most %(names)d names and %(bytes)d bytes.") % {"names": MAX_NAMES, "bytes": MAX_BYTES}
            )
        return data
