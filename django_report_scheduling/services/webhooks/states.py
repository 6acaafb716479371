"""Moving an endpoint between its states."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import CancelReason, WebhookState, WebhookStop
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import Delivery, WebhookEndpoint
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.authority import require_administrator, require_manager
from django_report_scheduling.services.cancellation import suppress_pending
from django_report_scheduling.services.schedule_limit import lock_account
from django_report_scheduling.services.webhooks.availability import require_webhooks
from django_report_scheduling.services.webhooks.notices import tell_disabled
from django_report_scheduling.services.webhooks.pings import send_ping


def reactivate_webhook(*, webhook_id: Any, actor: AbstractUser | None, now: dt.datetime) -> WebhookEndpoint:
    """Let a disabled endpoint go on, with a clean count, once it has answered a ping. An administrator's act.

    What was not sent meanwhile is not sent now; it can be replayed one by one.

    :raises WebhookEndpoint.DoesNotExist: there is no such endpoint.
    :raises NotPermitted: the actor is no administrator.
    :raises WrongState: it is not disabled, or its account is inactive.
    """
    require_webhooks()
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        require_administrator(actor)
        account = lock_account(WebhookEndpoint.objects.fresh().get(pk=webhook_id).account_id)
        endpoint = WebhookEndpoint.objects.locked().get(pk=webhook_id)
        if endpoint.state != WebhookState.DISABLED:
            raise WrongState(_("Only a disabled webhook can be reactivated."))
        if not account.active:
            raise WrongState(_("The account is inactive: nothing is sent for it. Activate it first."))
        endpoint.state, endpoint.state_reason, endpoint.consecutive_failures = WebhookState.PENDING, "", 0
        endpoint.save(update_fields=["state", "state_reason", "consecutive_failures", "updated_at"])
        record("webhook.reactivated", endpoint, at=now, actor=actor)
        send_ping(endpoint, account=account, actor=actor, now=now)
    return endpoint


def disable_webhook(*, webhook_id: Any, actor: AbstractUser | None, now: dt.datetime) -> WebhookEndpoint:
    """Stop an endpoint by hand: what waits is not sent, and only an administrator lets it go on.

    :raises WebhookEndpoint.DoesNotExist: there is no such endpoint.
    :raises NotPermitted: the actor does not manage its account.
    :raises WrongState: it is disabled already.
    """
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        endpoint = WebhookEndpoint.objects.locked().get(pk=webhook_id)
        require_manager(actor, endpoint.account_id)
        if not stop_webhook(webhook_id, url=endpoint.url, reason=WebhookStop.BY_HAND, actor=actor, now=now):
            raise WrongState(_("The webhook is disabled already."))
        endpoint.refresh_from_db()
    return endpoint


def stop_webhook(
    webhook_id: Any,
    *,
    url: str,
    reason: WebhookStop,
    now: dt.datetime,
    actor: AbstractUser | None = None,
    at_least: int = 0,
) -> bool:
    """Disable an endpoint that is not disabled yet, inside the caller's transaction; returns whether this did it.

    However many try at once, one of them succeeds, and only that one writes it down and tells people.

    :param url: what it is stopped for; one that has got another URL meanwhile is not.
    :param at_least: only where it has had so many failures in a row.
    """
    live = WebhookEndpoint.objects.filter(pk=webhook_id, url=url, consecutive_failures__gte=at_least)
    live = live.exclude(state=WebhookState.DISABLED)
    if not live.update(state=WebhookState.DISABLED, state_reason=reason, updated_at=now):
        return False
    endpoint = WebhookEndpoint.objects.fresh().select_related("account", "created_by").get(pk=webhook_id)
    record("webhook.disabled", endpoint, at=now, actor=actor, data={"reason": reason.value})
    waiting = Delivery.objects.filter(webhook=endpoint)
    suppress_pending(waiting, actor=actor, now=now, reason=CancelReason.WEBHOOK_DISABLED)
    if reason != WebhookStop.BY_HAND:
        tell_disabled(endpoint, now=now)
    return True


def confirm_webhook(webhook_id: Any, *, url: str, now: dt.datetime) -> None:
    """Let an endpoint that waited for its first answer become active, inside the caller's transaction.

    :param url: what answered; an endpoint that has got another URL meanwhile goes on waiting.
    """
    waiting = WebhookEndpoint.objects.filter(pk=webhook_id, state=WebhookState.PENDING, url=url)
    if waiting.update(state=WebhookState.ACTIVE, consecutive_failures=0, updated_at=now):
        record("webhook.active", WebhookEndpoint.objects.fresh().get(pk=webhook_id), at=now)
