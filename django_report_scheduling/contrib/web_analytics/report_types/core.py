"""What all three report types say alike: the core metrics of a period, and the words for what is missing."""

from __future__ import annotations

from django.utils.translation import gettext as _

from django_report_scheduling.contrib.web_analytics.queries.totals import Totals
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic
from django_report_scheduling.reports import Text

Metrics = dict[str, int | float | None]


def core_metrics(total: Totals, visits: int) -> Metrics:
    """Return the metrics that every report type has."""
    return {
        "hits": total.hits,
        "human_hits": total.human_hits,
        "bot_hits": total.bot_hits,
        "bytes": total.bytes,
        "visitors": total.visitors,
        "human_visitors": total.human_visitors,
        "bot_visitors": total.bot_visitors,
        "visits": visits,
        "page_views": total.page_views,
        "pages_per_visit": ratio(total.page_views, visits),
        "errors": total.errors,
        "client_errors": total.client_errors,
        "server_errors": total.server_errors,
        "error_rate": total.error_rate,
    }


def ratio(part: int, whole: int) -> float | None:
    """Return the share, or ``None`` where there is no whole."""
    return part / whole if whole else None


def no_traffic(traffic: Traffic) -> Text:
    """Return the paragraph that stands where there is nothing to count."""
    if traffic.site_id is None:
        text = _("No access log has been imported for this account yet.")
    else:
        text = _("There is no traffic in the imported logs for this period.")
    return Text(title=_("No traffic"), text=text)


def top_of(shown: int, total: int) -> str:
    """Return the note below a table that was cut off, or nothing."""
    return _("Top %(shown)d of %(total)d.") % {"shown": shown, "total": total} if shown < total else ""
