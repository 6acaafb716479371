"""JSON read strictly (RFC 8259 as I-JSON, RFC 7493): what two parsers could read differently is refused."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, Final, NoReturn

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer

MAX_BODY: Final = 256 * 1024
"""Bytes of a request's body."""
MAX_DIGITS: Final = 40
"""Digits of an integer: more than any field takes, and few enough to be read in no time."""
MAX_DEPTH: Final = 100
"""Lists and objects within each other. What Python itself takes differs from version to version."""


class PayloadTooLarge(APIException):
    """The body is larger than any request of this API has to be (413, RFC 9110 §15.5.14)."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "payload_too_large"

    def __init__(self) -> None:
        super().__init__(_("The body may have %(limit)d bytes at most.") % {"limit": MAX_BODY})


class StrictJsonParser(BaseParser):
    """Reads UTF-8 JSON without duplicate keys, numbers that are none, or characters that no database stores."""

    media_type = "application/json"
    renderer_class = JSONRenderer

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,  # noqa: ARG002  # the framework's signature
        parser_context: Mapping[str, Any] | None = None,  # noqa: ARG002  # as above
    ) -> Any:
        """Return the body as plain values.

        :raises PayloadTooLarge: it has more than :data:`MAX_BODY` bytes.
        :raises ParseError: it is not JSON in this sense.
        :raises ValidationError: by the field that holds text which cannot be stored.
        """
        value = _loads(_text(_read(stream)))
        _refuse_deep(value)
        _refuse_unstorable(value)
        return value


def _read(stream: IO[Any]) -> bytes:
    body: bytes = stream.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise PayloadTooLarge
    return body


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ParseError(_("The body is not UTF-8.")) from error


def _loads(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_refuse_constant
        )
    except json.JSONDecodeError as error:
        place = {"error": error.msg, "line": error.lineno, "column": error.colno}
        raise ParseError(_("This is not JSON: %(error)s at line %(line)d, column %(column)d.") % place) from error
    except RecursionError as error:
        raise _too_deep() from error


def _too_deep() -> ParseError:
    return ParseError(_("The body is nested more than %(limit)d levels deep.") % {"limit": MAX_DEPTH})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((name, _times),) = Counter(name for name, _value in pairs).most_common(1)
        raise ParseError(_("The name “%(name)s” appears twice in one object.") % {"name": name[:64]})
    return found


def _integer(digits: str) -> int:
    if len(digits.removeprefix("-")) > MAX_DIGITS:
        raise ParseError(_("A number has more than %(limit)d digits.") % {"limit": MAX_DIGITS})
    return int(digits)


def _float(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse_constant(text[:MAX_DIGITS])


def _refuse_constant(text: str) -> NoReturn:
    raise ParseError(_("%(number)s is not a number that JSON knows.") % {"number": text})


def _refuse_deep(value: Any) -> None:
    level, depth = [value], 0
    while level := [part for outer in level for part in _parts(outer)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep()


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refuse_unstorable(value: Any) -> None:
    """Refuse NUL, which PostgreSQL cannot store, and lone surrogates, which are no characters."""
    parts = value.items() if isinstance(value, dict) else [("non_field_errors", value)]
    message = _("NUL and lone surrogates are not allowed.")
    wrong = {name: [message] for name, part in parts if any(map(_is_unstorable, _texts([name, part])))}
    if wrong:
        raise ValidationError(
            {name if not _is_unstorable(name) else "non_field_errors": text for name, text in wrong.items()}
        )


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list):
            waiting += part


def _is_unstorable(text: str) -> bool:
    return "\0" in text or any("\ud800" <= character <= "\udfff" for character in text)
