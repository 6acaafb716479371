"""Values that are fine by themselves and do not go together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.core.checks import CheckMessage, Error

from django_report_scheduling.checks.configured import named, shown
from django_report_scheduling.checks.value_rules import is_sound
from django_report_scheduling.conf import Settings, conf


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """What must hold between settings.

    :param names: the settings concerned.
    :param holds: takes their values.
    :param problem: what is wrong when it does not hold; ``{0}``, ``{1}`` are the values.
    """

    names: tuple[str, ...]
    holds: Callable[..., bool]
    problem: str


def _rising(delays: Sequence[int]) -> bool:
    return all(later >= earlier for earlier, later in pairwise(delays))


RELATIONS: Final = (
    Relation(
        names=("LEASE_RENEWAL", "LEASE"),
        holds=lambda renewal, lease: renewal < lease,
        problem="a lease of {1} s would be over before it is renewed after {0} s, so healthy workers count as lost",
    ),
    Relation(
        names=("LEASE", "TIME_LIMIT"),
        holds=lambda lease, limit: lease <= limit,
        problem="a lease of {0} s outlives the worker, which is killed after {1} s",
    ),
    Relation(
        names=("SOFT_TIME_LIMIT", "TIME_LIMIT"),
        holds=lambda soft, hard: soft < hard,
        problem="a report would be killed after {1} s, before it is told to stop after {0} s",
    ),
    Relation(
        names=("DOWNLOAD_URL_EXPIRY", "RETENTION"),
        holds=lambda expiry, retention: expiry <= retention,
        problem="links live for {0}, longer than the files they lead to, which are deleted after {1}",
    ),
    Relation(
        names=("RETRY_DELAYS",),
        holds=_rising,
        problem="delays must not get shorter, got {0}",
    ),
    Relation(
        names=("DELIVERY_RETRY_DELAYS",),
        holds=_rising,
        problem="delays must not get shorter, got {0}",
    ),
    Relation(
        names=("WEBHOOK_RETRY_DELAYS",),
        holds=_rising,
        problem="delays must not get shorter, got {0}",
    ),
)
"""Everything that must hold between the values of settings."""


def check_relations(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E004: two settings contradict each other."""
    return [_error(relation) for relation in RELATIONS if is_sound(*relation.names) and not _holds(relation)]


def _values(relation: Relation) -> list[Any]:
    return [getattr(conf, name) for name in relation.names]


def _holds(relation: Relation) -> bool:
    return relation.holds(*_values(relation))


def _error(relation: Relation) -> Error:
    where = " and ".join(named(name) for name in relation.names)
    defaults = " and ".join(f"{named(name)} = {shown(vars(Settings)[name])}" for name in relation.names)
    return Error(
        f"{where}: {relation.problem.format(*_values(relation))}.",
        hint=f"The defaults go together: {defaults}.",
        id="report_scheduling.E004",
    )
