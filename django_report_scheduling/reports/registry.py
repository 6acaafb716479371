"""Which report types there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django_report_scheduling.exceptions import DuplicateReportType, UnknownReportType
from django_report_scheduling.reports.base import Report

AnyReport = Report[Any]
R = TypeVar("R", bound=type[AnyReport])

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


class ReportRegistry:
    """Report types by key. Refuses duplicates, and can be changed for the time of one test."""

    def __init__(self) -> None:
        self._reports: dict[str, AnyReport] = {}

    def register(self, report: R) -> R:
        """Register a report type; usable as a class decorator.

        Registering the same class again changes nothing, so that a module may be imported twice.

        :raises DuplicateReportType: another class holds the key.
        :raises ValueError: the key is missing or malformed, or the title is missing.
        :raises TypeError: the class has no ``query``, or its parameters are not well declared.
        """
        key = getattr(report, "key", "")
        if not (isinstance(key, str) and _KEY.match(key)):
            msg = f"{report.__qualname__}.key must match [a-z][a-z0-9_]{{0,63}}, got {key!r}."
            raise ValueError(msg)
        if not hasattr(report, "title"):
            msg = f"{report.__qualname__}.title is missing: say what people call this report."
            raise ValueError(msg)
        report.parameters.form_class()
        held = self._reports.get(key)
        if held is not None and type(held) is not report:
            msg = (
                f"The report key {key!r} belongs to {type(held).__module__}.{type(held).__qualname__}; "
                f"give {report.__module__}.{report.__qualname__} another one."
            )
            raise DuplicateReportType(msg)
        self._reports[key] = report()
        return report

    def get(self, key: str) -> AnyReport:
        """Return the report type of this key.

        :raises UnknownReportType: nothing is registered under it.
        """
        if key not in self:
            names = ", ".join(sorted(self._reports)) or "none"
            msg = (
                f"No report type is registered under {str(key)[:64]!r}; registered are: {names}. "
                f"Is its app in INSTALLED_APPS, and is the class registered in that app's reports.py?"
            )
            raise UnknownReportType(msg)
        return self._reports[key]

    def title(self, key: str) -> str:
        """Return the title of a report type, or the key itself where it is no longer registered."""
        return str(self._reports[key].title) if key in self else key

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key in self._reports

    def __iter__(self) -> Iterator[AnyReport]:
        return iter(sorted(self._reports.values(), key=lambda report: report.key))

    def __len__(self) -> int:
        return len(self._reports)

    @contextmanager
    def temporarily(self, *reports: type[AnyReport]) -> Iterator[None]:
        """Register further report types inside a ``with`` block; afterwards the registry is as before."""
        before = dict(self._reports)
        try:
            for report in reports:
                self.register(report)
            yield
        finally:
            self._reports = before


registry = ReportRegistry()
"""The registry that schedules refer to; ``reports.py`` of every installed app is imported at start-up."""

register = registry.register
