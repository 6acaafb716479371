"""Charts over the hours or days of a period."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from django_report_scheduling.contrib.web_analytics.queries.span import Bucket
from django_report_scheduling.reports import Chart, ChartKind, Series

LONGEST_BAR_CHART = 16


def is_hourly(buckets: Sequence[Bucket]) -> bool:
    """Tell whether the parts of a period are hours."""
    return isinstance(buckets[0].label, dt.datetime)


def course_chart(key: str, title: str, buckets: Sequence[Bucket], series: Sequence[Series]) -> Chart:
    """Return the chart of a period: bars where they are few enough to be told apart, otherwise lines."""
    return Chart(
        key=key,
        title=title,
        labels=[bucket.label for bucket in buckets],
        series=series,
        kind=ChartKind.BAR if len(buckets) <= LONGEST_BAR_CHART else ChartKind.LINE,
    )


def compared_series(now: Sequence[int], before: Sequence[int], *, possible: bool) -> list[Series]:
    """Return the series of this period and, where they can be compared, of the one before, part by part."""
    this_period = Series(name=_("This period"), values=now)
    if not possible:
        return [this_period]
    aligned = [*before, *[None] * len(now)][: len(now)]
    return [this_period, Series(name=_("Previous period"), values=aligned)]
