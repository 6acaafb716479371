"""Pings, and how many of them an account may ask for: each is a request to wherever somebody wanted it to go."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, cast

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import WebhookState
from django_report_scheduling.exceptions import Throttled, WrongState
from django_report_scheduling.models import AbstractAccount, AuditEvent, Delivery, WebhookEndpoint
from django_report_scheduling.services.authority import require_manager
from django_report_scheduling.services.schedule_limit import lock_account
from django_report_scheduling.services.webhooks.availability import require_webhooks
from django_report_scheduling.services.webhooks.events import queue_ping

MAX_PINGS: Final = 30
"""Pings of one account within ``WINDOW``, those that follow from creating and changing endpoints included."""
WINDOW: Final = dt.timedelta(hours=1)
PINGED: Final = "account.webhook_pinged"


def ping_webhook(*, webhook_id: Any, actor: AbstractUser | None, now: dt.datetime) -> Delivery:
    """Send a test event to an endpoint; one that waits for its first answer becomes active when it gives one.

    :returns: the delivery, not yet handed to a worker.
    :raises WebhookEndpoint.DoesNotExist: there is no such endpoint.
    :raises NotPermitted: the actor does not manage its account.
    :raises WrongState: it is disabled, or this site sends no webhooks.
    :raises Throttled: the account has had ``MAX_PINGS`` within ``WINDOW``.
    """
    require_webhooks()
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        account = lock_account(WebhookEndpoint.objects.fresh().get(pk=webhook_id).account_id)
        endpoint = WebhookEndpoint.objects.locked().get(pk=webhook_id)
        require_manager(actor, endpoint.account_id)
        if endpoint.state == WebhookState.DISABLED:
            raise WrongState(_("A disabled webhook is not pinged. Reactivate it first."))
        return send_ping(endpoint, account=account, actor=actor, now=now)


def send_ping(
    endpoint: WebhookEndpoint, *, account: AbstractAccount, actor: AbstractUser | None, now: dt.datetime
) -> Delivery:
    """Queue a ping, and count it, inside a transaction of the caller that holds the account locked.

    It is counted on the account, and in the record: deleting an endpoint does not give its pings back.

    :raises Throttled: as :func:`ping_webhook`.
    """
    record = AuditEvent.objects.using(router.db_for_write(AuditEvent))
    pings = record.filter(object_id=str(account.pk), verb=PINGED, at__gt=now - WINDOW)
    if actor is not None and pings.count() >= MAX_PINGS:
        raise Throttled(
            _("This account has had %(number)d pings within an hour, the most it may have. Try again later.")
            % {"number": MAX_PINGS}
        )
    AuditEvent(
        at=now,
        actor=cast("Any", actor),
        verb=PINGED,
        object_type=str(account._meta.model_name),
        object_id=str(account.pk),
        account_id=str(account.pk),
        data={"webhook": str(endpoint.pk)},
    ).save(force_insert=True)
    return queue_ping(endpoint, now=now)
