"""Rendering a template so that its author learns which line failed."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import Any, Final

from django.template import Context, Node, TemplateDoesNotExist, TemplateSyntaxError, VariableDoesNotExist
from django.template.backends.django import Template as DjangoTemplate
from django.template.loader import get_template

from django_report_scheduling.exceptions import RenderError

# What a template's code can raise. Not every Exception: a time limit that strikes here must reach the worker.
_TEMPLATE_ERRORS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    TemplateSyntaxError,
    TypeError,
    ValueError,
    VariableDoesNotExist,
)


def render_template(name: str, context: Mapping[str, Any]) -> str:
    """Render a template with autoescape on, whatever the host's engine is set to.

    :raises RenderError: the template, or one that it names, is missing or fails; the message says where.
    """
    try:
        template = get_template(name)
        if isinstance(template, DjangoTemplate):
            return template.template.render(Context(dict(context), autoescape=True))
        return template.render(dict(context))
    except TemplateDoesNotExist as error:
        attempts = [attempt for failure in (error, *(error.chain or ())) for attempt in failure.tried]
        tried = ", ".join(str(origin) for origin, _ in attempts) or "no folder"
        msg = f"Template {str(error)!r} does not exist (asked for by {name!r}); tried: {tried}."
        raise RenderError(msg) from error
    except _TEMPLATE_ERRORS as error:
        reason = getattr(error, "raw_error_message", error)  # Django 6.0 puts the path of the file before it
        msg = f"Template {_place(error, name)}: {type(error).__name__}: {reason}"
        raise RenderError(msg) from error


def _place(error: Exception, name: str) -> str:
    """Return the name and line of the innermost tag that was being parsed or rendered."""
    place = repr(name)
    token = getattr(error, "token", None)
    if token is not None:
        place = f"{name!r}, line {token.lineno}"
    for frame, _ in traceback.walk_tb(error.__traceback__):
        node = frame.f_locals.get("self")
        token = node.token if isinstance(node, Node) else None
        if token is not None:
            origin = getattr(node, "origin", None)
            place = f"{getattr(origin, 'template_name', None) or name!r}, line {token.lineno}"
    return place
