"""Sending one event again, because somebody asks for it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import LIVE_DELIVERY_STATUSES, DeliveryStatus, WebhookState
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import Delivery, WebhookEndpoint
from django_report_scheduling.models.delivery import WEBHOOK
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.authority import require_manager
from django_report_scheduling.services.schedule_limit import lock_account
from django_report_scheduling.services.webhooks.allowances import count_request
from django_report_scheduling.services.webhooks.availability import require_webhooks

MAX_REPLAYS: Final = 500
"""Replays of one account within an hour: enough to make up for an outage, too few to keep the workers busy with."""


def replay_delivery(*, webhook_id: Any, delivery_id: Any, actor: AbstractUser | None, now: dt.datetime) -> Delivery:
    """Send an event once more to an endpoint, whether or not it arrived: the same id, a new timestamp, all retries.

    :raises Delivery.DoesNotExist: the endpoint has no such delivery.
    :raises NotPermitted: the actor does not manage its account.
    :raises WrongState: the endpoint is not active, or the delivery is under way.
    :raises Throttled: the account has had ``MAX_REPLAYS`` within an hour.
    """
    require_webhooks()
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        account = lock_account(WebhookEndpoint.objects.fresh().get(pk=webhook_id).account_id)
        endpoint = WebhookEndpoint.objects.locked().get(pk=webhook_id)
        require_manager(actor, endpoint.account_id)
        delivery = Delivery.objects.locked().get(pk=delivery_id, webhook=endpoint, channel=WEBHOOK)
        if endpoint.state != WebhookState.ACTIVE:
            raise WrongState(_("Only an active webhook is sent to."))
        if delivery.status in LIVE_DELIVERY_STATUSES:
            raise WrongState(_("This delivery is under way."))
        count_request(
            "account.webhook_replayed", account=account, endpoint=endpoint, actor=actor, now=now, most=MAX_REPLAYS,
            refusal=_("This account has had %(number)d replays within an hour, the most it may have. Try again later."),
        )  # fmt: skip
        delivery.status, delivery.failures, delivery.error_code, delivery.error_message = (
            DeliveryStatus.PENDING, 0, "", "",
        )  # fmt: skip
        delivery.wake_at, delivery.queued_at, delivery.sent_at = now, None, None
        delivery.save()
        record("delivery.replayed", delivery, at=now, actor=actor)
    return delivery
