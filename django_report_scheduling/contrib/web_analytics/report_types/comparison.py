"""A period beside the one before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from django_report_scheduling.contrib.web_analytics.report_types.core import Metrics
from django_report_scheduling.reports import Figure, Text, Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """The metrics of a period and of the one before.

    Where there is not one hit in the period before, most likely no log of it was ever imported. Nothing is compared
    with it then: “up from 0” would be a claim that nobody can make.
    """

    now: Metrics
    before: Metrics

    @property
    def possible(self) -> bool:
        """Whether there is anything to compare with."""
        return bool(self.before["hits"])

    @property
    def metrics(self) -> Metrics:
        """The metrics of both periods, those of the one before under names of their own."""
        return {**self.now, **{f"previous_{name}": value for name, value in self.before.items()}}

    def figure(
        self, name: str, label: str, unit: Unit = Unit.NUMBER, *, better: bool | None = True, note: str = ""
    ) -> Figure:
        """Return the headline figure of one metric.

        :param better: whether more of it is better.
        """
        return Figure(
            label=label,
            value=self.now[name],
            unit=unit,
            previous=self.before[name] if self.possible else None,
            higher_is_better=better,
            note=note,
        )

    @property
    def remarks(self) -> Sequence[Text]:
        """What is to be said about the comparison: that there is none, where there is something to compare."""
        if self.possible or not self.now["hits"]:
            return ()
        return (Text(text=_("No data for the previous period.")),)
