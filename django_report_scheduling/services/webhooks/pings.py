"""Pings, and how many of them an account may ask for: each is a request to wherever somebody wanted it to go."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import WebhookState
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AbstractAccount, Delivery, WebhookEndpoint
from django_report_scheduling.services.authority import require_manager
from django_report_scheduling.services.schedule_limit import lock_account
from django_report_scheduling.services.webhooks.allowances import count_request
from django_report_scheduling.services.webhooks.availability import require_webhooks
from django_report_scheduling.services.webhooks.events import queue_ping

MAX_PINGS: Final = 30
"""Pings of one account within ``WINDOW``, those that follow from creating and changing endpoints included."""


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

    :raises Throttled: as :func:`ping_webhook`.
    """
    count_request(
        "account.webhook_pinged", account=account, endpoint=endpoint, actor=actor, now=now, most=MAX_PINGS,
        refusal=_("This account has had %(number)d pings within an hour, the most it may have. Try again later."),
    )  # fmt: skip
    return queue_ping(endpoint, now=now)
