"""Setting webhook endpoints up, changing and deleting them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, TypedDict, Unpack, cast
from urllib.parse import urlsplit

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import CancelReason, WebhookState
from django_report_scheduling.conf import conf
from django_report_scheduling.exceptions import LimitReached, WrongState
from django_report_scheduling.models import AbstractAccount, WebhookEndpoint
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.authority import require_manager
from django_report_scheduling.services.cancellation import suppress_pending
from django_report_scheduling.services.schedule_limit import lock_account
from django_report_scheduling.services.webhooks.availability import require_webhooks
from django_report_scheduling.services.webhooks.pings import send_ping
from django_report_scheduling.services.webhooks.secrets import WithSecret, give_new_secret
from django_report_scheduling.services.webhooks.validation import clean_fields

CHANGED_FIELDS: Final = (
    "url", "events", "description", "state", "state_reason", "consecutive_failures", "secret", "previous_secret",
    "previous_secret_expires_at", "updated_at",
)  # fmt: skip


class WebhookFields(TypedDict, total=False):
    """What may be set on an endpoint; everything else is the system's."""

    url: str
    events: Sequence[str]
    description: str


def create_webhook(
    *, account_id: Any, actor: AbstractUser | None, now: dt.datetime, **fields: Unpack[WebhookFields]
) -> WithSecret:
    """Set up an endpoint. It waits until it has answered a ping, which is queued with it, and has a secret of its own.

    :param actor: becomes the one who is told when it is disabled.
    :returns: the endpoint and its secret, which cannot be read again.
    :raises ValidationFailed: with all messages by field; nothing is stored.
    :raises NotPermitted: the actor does not manage the account.
    :raises LimitReached: the account has ``WEBHOOK_MAX_PER_ACCOUNT`` already; disabled ones count.
    :raises Throttled: the account has had too many pings.
    :raises WrongState: the account is inactive, or this site sends no webhooks.
    """
    require_webhooks()
    cleaned = clean_fields({"url": "", "events": (), **fields})
    endpoint = WebhookEndpoint(account_id=account_id, created_by=cast("Any", actor), **cleaned)
    secret = give_new_secret(endpoint)
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        account = _hold_account(account_id, actor)
        _require_room(account)
        endpoint.save(force_insert=True)
        record("webhook.created", endpoint, at=now, actor=actor, data={"host": endpoint.host})
        send_ping(endpoint, account=account, actor=actor, now=now)
    return WithSecret(endpoint, secret)


def update_webhook(
    *, webhook_id: Any, actor: AbstractUser | None, now: dt.datetime, **changes: Unpack[WebhookFields]
) -> WithSecret:
    """Change an endpoint.

    Another URL has to answer a ping before anything more is sent, and what waits for the old one is not sent at all.
    Another host moreover gets a secret of its own, which is returned: nobody who knew the old host's can sign for it.

    :raises WebhookEndpoint.DoesNotExist: there is no such endpoint.
    :raises ValidationFailed: with all messages by field; nothing is stored.
    :raises NotPermitted: the actor does not manage its account.
    :raises Throttled: the account has had too many pings.
    :raises WrongState: its URL is to change while it is disabled or its account inactive.
    """
    require_webhooks()
    cleaned = clean_fields(changes)
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        account = _hold_account(
            WebhookEndpoint.objects.fresh().get(pk=webhook_id).account_id, actor, active="url" in changes
        )
        endpoint = WebhookEndpoint.objects.locked().get(pk=webhook_id)
        changed = sorted(name for name, value in cleaned.items() if getattr(endpoint, name) != value)
        if not changed:
            return WithSecret(endpoint, None)
        before = endpoint.url
        for name in changed:
            setattr(endpoint, name, cleaned[name])
        moved = "url" in changed and _authority(before) != _authority(endpoint.url)
        secret = give_new_secret(endpoint) if moved else None
        if "url" in changed:
            _wait_for_answer(endpoint, actor=actor, now=now)
        endpoint.save(update_fields=CHANGED_FIELDS)
        record("webhook.updated", endpoint, at=now, actor=actor, data={"fields": changed, "host": endpoint.host})
        if "url" in changed:
            send_ping(endpoint, account=account, actor=actor, now=now)
    return WithSecret(endpoint, secret)


def delete_webhook(*, webhook_id: Any, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Delete an endpoint with its log; nothing more is sent to it.

    :raises WebhookEndpoint.DoesNotExist: there is no such endpoint.
    :raises NotPermitted: the actor does not manage its account.
    """
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        # Not locked(): deleting takes the key away, so nothing may come to refer to it meanwhile.
        endpoint = WebhookEndpoint.objects.select_for_update().get(pk=webhook_id)
        require_manager(actor, endpoint.account_id)
        suppress_pending(endpoint.deliveries.all(), actor=actor, now=now, reason=CancelReason.WEBHOOK_DELETED)
        record("webhook.deleted", endpoint, at=now, actor=actor, data={"host": endpoint.host})
        endpoint.delete()


def _hold_account(account_id: Any, actor: AbstractUser | None, *, active: bool = True) -> AbstractAccount:
    account = lock_account(account_id)
    require_manager(actor, account_id)
    if active and not account.active:
        raise WrongState(
            _("The account “%(account)s” is inactive: nothing is sent for it. Activate it first.")
            % {"account": account.name}
        )
    return account


def _require_room(account: AbstractAccount) -> None:
    limit = conf.WEBHOOK_MAX_PER_ACCOUNT
    if WebhookEndpoint.objects.fresh().filter(account_id=account.pk).count() >= limit:
        raise LimitReached(
            _("This account already has %(limit)d webhooks, the most it may have. Delete one first.") % {"limit": limit}
        )


def _wait_for_answer(endpoint: WebhookEndpoint, *, actor: AbstractUser | None, now: dt.datetime) -> None:
    if endpoint.state == WebhookState.DISABLED:
        raise WrongState(_("The URL of a disabled webhook cannot be changed. Delete it and create another."))
    endpoint.state = WebhookState.PENDING
    endpoint.consecutive_failures = 0
    suppress_pending(endpoint.deliveries.all(), actor=actor, now=now, reason=CancelReason.WEBHOOK_CHANGED)


def _authority(url: str) -> str:
    return urlsplit(url).netloc
