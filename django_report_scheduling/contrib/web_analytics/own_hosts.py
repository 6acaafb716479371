"""Which host names are the account's own, so that links from them are not taken for referrals."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from django_report_scheduling.contrib.web_analytics.access_log.referrer import normalise_host
from django_report_scheduling.contrib.web_analytics.models import Hit, Site

CONSIDERED = 100_000
"""How many of an account's latest hits are looked at when its own host must be guessed."""

FEWEST_LOADS = 20
"""Of fewer assets loaded from the pages of one host, nothing follows."""


def remember_own_hosts(*, account_id: str, given: Iterable[str] = ()) -> Site:
    """Store the hosts that were given for an account; without any, now or before, guess anew from its traffic.

    The guess is stored apart from what was given and may be another one after the next import.

    :param account_id: primary key of the account, as text.
    :param given: the hosts to store; when there are none, those given before stay.
    """
    site = Site.objects.get(account_id=account_id)
    before = (site.hosts, site.guessed_host)
    site.hosts = sorted({normalise_host(host) for host in given} - {""}) or site.hosts
    site.guessed_host = "" if site.hosts else _guess(site)
    if (site.hosts, site.guessed_host) != before:
        site.save(update_fields=["hosts", "guessed_host"])
    return site


def _guess(site: Site) -> str:
    """Return the host whose pages load more than half of the assets here; empty when there is none, or few loads.

    A site's own pages load its assets more than all others do. Loads without a referrer say nothing.
    """
    loads = list(
        Hit.objects.filter(site=site, unix_time__gte=_start(site), bot=False, page__asset=True)
        .filter(referrer__isnull=False)
        .values_list("referrer__host")
        .annotate(hits=models.Count("id"))
        .order_by("-hits", "referrer__host")
    )
    if not loads:
        return ""
    host, most = loads[0]
    clear = most >= FEWEST_LOADS and 2 * most > sum(hits for _host, hits in loads)
    return str(host) if clear else ""


def _start(site: Site) -> int:
    """Return the time of the first hit to look at."""
    latest = Hit.objects.filter(site=site).order_by("-unix_time").values_list("unix_time", flat=True)[:CONSIDERED]
    return latest.aggregate(start=models.Min("unix_time"))["start"] or 0
