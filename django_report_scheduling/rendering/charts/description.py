"""What a chart says, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from django_report_scheduling.rendering.charts.axis import label_text
from django_report_scheduling.rendering.charts.scale import drawable
from django_report_scheduling.rendering.formatting import Formatter
from django_report_scheduling.rendering.text import shortened
from django_report_scheduling.reports import Chart, ChartKind, Series

_MOST_SERIES = 6


def describe(chart: Chart, formatter: Formatter) -> str:
    """Return the author's description, or one composed from the extremes of each series."""
    if chart.description:
        return f"{chart.title}. {chart.description}"
    kind = _("Line chart") if chart.kind is ChartKind.LINE else _("Bar chart")
    count = len(chart.labels)
    positions = ngettext("%(count)s position", "%(count)s positions", count) % {"count": formatter.number(count)}
    if count > 1:
        positions = _("%(positions)s from %(first)s to %(last)s") % {
            "positions": positions,
            "first": _name(chart, 0, formatter),
            "last": _name(chart, count - 1, formatter),
        }
    sentences = [f"{kind}: {chart.title}", positions]
    sentences += [_extremes(chart, series, formatter) for series in chart.series[:_MOST_SERIES]]
    if len(chart.series) > _MOST_SERIES:
        more = len(chart.series) - _MOST_SERIES
        sentences.append(ngettext("%s more series", "%s more series", more) % formatter.number(more))
    return ". ".join(sentences) + "."


def _extremes(chart: Chart, series: Series, formatter: Formatter) -> str:
    known = [(value, index) for index, raw in enumerate(series.values) if (value := drawable(raw)) is not None]
    name = shortened(series.name, 80)
    if not known:
        return _("%(name)s: no data") % {"name": name}
    (low, low_at), (high, high_at) = min(known), max(known, key=lambda item: item[0])
    if low == high:
        return _("%(name)s: %(value)s throughout") % {"name": name, "value": formatter.value(low, chart.unit)}
    return _("%(name)s: lowest %(low)s (%(low_at)s), highest %(high)s (%(high_at)s)") % {
        "name": name,
        "low": formatter.value(low, chart.unit),
        "low_at": _name(chart, low_at, formatter),
        "high": formatter.value(high, chart.unit),
        "high_at": _name(chart, high_at, formatter),
    }


def _name(chart: Chart, index: int, formatter: Formatter) -> str:
    return shortened(label_text(chart.labels[index], formatter), 80)
