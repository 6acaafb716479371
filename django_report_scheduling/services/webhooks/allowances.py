"""How often an account may ask for a request to one of its endpoints, counted in the record.

Counted on the account, which the caller holds locked: two who ask at the same moment count one after the other, and
deleting an endpoint gives nothing back.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, cast

from django.contrib.auth.models import AbstractUser
from django.db import router

from django_report_scheduling.exceptions import Throttled
from django_report_scheduling.models import AbstractAccount, AuditEvent, WebhookEndpoint

WINDOW: Final = dt.timedelta(hours=1)
"""The time within which it is counted."""


def count_request(
    verb: str,
    *,
    account: AbstractAccount,
    endpoint: WebhookEndpoint,
    actor: AbstractUser | None,
    now: dt.datetime,
    most: int,
    refusal: str,
) -> None:
    """Write down that somebody asks for a request, inside a transaction that holds the account locked.

    :param verb: what is asked for.
    :param actor: ``None`` is the system, which is counted and never refused.
    :param most: how many of the kind an account may have within ``WINDOW``.
    :param refusal: what to say where it has had them, with ``%(number)d`` for how many.
    :raises Throttled: it has had them.
    """
    record = AuditEvent.objects.using(router.db_for_write(AuditEvent))
    had = record.filter(object_id=str(account.pk), verb=verb, at__gt=now - WINDOW)
    if actor is not None and had.count() >= most:
        raise Throttled(refusal % {"number": most})
    AuditEvent(
        at=now,
        actor=cast("Any", actor),
        verb=verb,
        object_type=str(account._meta.model_name),
        object_id=str(account.pk),
        account_id=str(account.pk),
        data={"webhook": str(endpoint.pk)},
    ).save(force_insert=True)
