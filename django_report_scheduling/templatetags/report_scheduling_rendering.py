"""Filters for templates of reports: values in the number and date format of the document's account.

``{% load report_scheduling_rendering %}`` and then, for example, ``{{ metrics.bytes|as_bytes }}``. The results are
ordinary text and are escaped like any other.
"""

from __future__ import annotations

from typing import cast

from django import template

from django_report_scheduling.rendering.formatting import active_formatter
from django_report_scheduling.reports import Scalar, Unit

register = template.Library()


def _formatted(value: object, unit: Unit) -> str:
    return active_formatter().value(cast("Scalar", value), unit) if value != "" else ""


@register.filter
def as_number(value: object) -> str:
    """Show a count or a decimal number."""
    return _formatted(value, Unit.NUMBER)


@register.filter
def as_percent(value: object) -> str:
    """Show a ratio as a percentage."""
    return _formatted(value, Unit.PERCENT)


@register.filter
def as_bytes(value: object) -> str:
    """Show a size in the largest fitting unit."""
    return _formatted(value, Unit.BYTES)


@register.filter
def as_duration(value: object) -> str:
    """Show seconds in hours, minutes and seconds."""
    return _formatted(value, Unit.SECONDS)


@register.filter
def as_date(value: object) -> str:
    """Show a date, or a moment on the wall clock of the report's zone."""
    return _formatted(value, Unit.DATETIME)
