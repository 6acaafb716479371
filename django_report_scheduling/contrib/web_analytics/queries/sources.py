"""Where visits come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django_report_scheduling.contrib.web_analytics.models import Campaign, Referrer
from django_report_scheduling.contrib.web_analytics.queries.traffic import Traffic

_KEYS_PER_QUERY = 500


class SourceKind(StrEnum):
    """What a source is known by, the strongest first."""

    CAMPAIGN = "campaign"
    REFERRER = "referrer"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a visit comes from.

    :param name: the campaign, or the referring host; empty for direct visits.
    """

    kind: SourceKind
    name: str = ""


DIRECT = Source(SourceKind.DIRECT)

Origin = tuple[int | None, int | None]
"""Keys of the referrer and the campaign with which a visit began."""


def resolve_sources(traffic: Traffic, origins: Iterable[Origin]) -> dict[Origin, Source]:
    """Return the source of each origin: its campaign, else the external host it was linked from, else direct."""
    wanted = set(origins)
    hosts: dict[int | None, str] = {
        key: host
        for keys in _chunks({referrer for referrer, _campaign in wanted if referrer is not None})
        for key, host in Referrer.objects.filter(pk__in=keys).values_list("pk", "host")
    }
    campaigns: dict[int | None, str] = {
        campaign.pk: str(campaign)
        for keys in _chunks({campaign for _referrer, campaign in wanted if campaign is not None})
        for campaign in Campaign.objects.filter(pk__in=keys)
    }
    return {origin: _source(traffic, hosts.get(origin[0]), campaigns.get(origin[1])) for origin in wanted}


def _source(traffic: Traffic, host: str | None, campaign: str | None) -> Source:
    if campaign:
        return Source(SourceKind.CAMPAIGN, campaign)
    if host and host not in traffic.own_hosts:
        return Source(SourceKind.REFERRER, host)
    return DIRECT


def _chunks(keys: set[int]) -> Iterable[list[int]]:
    ordered = sorted(keys)
    return (ordered[start : start + _KEYS_PER_QUERY] for start in range(0, len(ordered), _KEYS_PER_QUERY))
