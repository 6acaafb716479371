"""The traffic of one account: where every question begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from django_report_scheduling.contrib.web_analytics.access_log.referrer import normalise_host
from django_report_scheduling.contrib.web_analytics.models import Hit, Site
from django_report_scheduling.contrib.web_analytics.queries.span import Span


@dataclass(frozen=True, slots=True)
class Traffic:
    """The hits of one site.

    :param site_id: key of the site; ``None`` when nothing was ever imported for the account.
    :param own_hosts: host names whose links are internal.
    """

    site_id: int | None
    own_hosts: frozenset[str]

    @classmethod
    def of(cls, account_id: str, *, own_hosts: Iterable[str] = ()) -> Traffic:
        """Return the traffic of an account.

        :param own_hosts: host names in addition to those given for the site, or guessed.
        """
        site = Site.objects.filter(account_id=account_id).first()
        hosts = {normalise_host(host) for host in [*own_hosts, *(site.own_hosts if site else [])]}
        return cls(site_id=None if site is None else site.pk, own_hosts=frozenset(hosts - {""}))

    def hits(self, span: Span) -> QuerySet[Hit]:
        """Return the hits of a stretch of time."""
        if self.site_id is None:
            return Hit.objects.none()
        return Hit.objects.filter(site_id=self.site_id, unix_time__gte=span.start, unix_time__lt=span.end)
