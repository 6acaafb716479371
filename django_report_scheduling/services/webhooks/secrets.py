"""The secrets of an endpoint: made here, kept sealed, opened only to sign, and shown once by whoever made them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.delivery.webhook.secret import Secret
from django_report_scheduling.exceptions import ReceiverFailed, Unsealable, WrongState
from django_report_scheduling.models import WebhookEndpoint
from django_report_scheduling.sealing import reseal, seal, unseal
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.authority import require_manager
from django_report_scheduling.services.webhooks.availability import require_webhooks

logger = logging.getLogger(__name__)

OVERLAP: Final = dt.timedelta(hours=24)
"""How long the secret before the newest goes on signing too."""
BATCH: Final = 200
CURRENT: Final = "secret"
PREVIOUS: Final = "previous_secret"


class WithSecret(NamedTuple):
    """An endpoint and the secret that it has just got, to be shown once; ``None`` where it keeps the one it had."""

    endpoint: WebhookEndpoint
    secret: Secret | None


def give_new_secret(endpoint: WebhookEndpoint) -> Secret:
    """Put a fresh secret, and no other, on an endpoint that the caller stores."""
    secret = Secret.generate()
    endpoint.secret = seal(secret.reveal(), place=_place(endpoint, CURRENT))
    endpoint.previous_secret, endpoint.previous_secret_expires_at = "", None
    return secret


def rotate_secret(*, webhook_id: Any, actor: AbstractUser | None, now: dt.datetime) -> WithSecret:
    """Give an endpoint a new secret; the one before signs too for another ``OVERLAP``, unless it cannot be opened.

    :raises WebhookEndpoint.DoesNotExist: there is no such endpoint.
    :raises NotPermitted: the actor does not manage its account.
    :raises WrongState: somebody else has rotated it at this moment; their secret holds.
    """
    require_webhooks()
    seen = WebhookEndpoint.objects.fresh().get(pk=webhook_id)
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        endpoint = WebhookEndpoint.objects.locked().get(pk=webhook_id)
        require_manager(actor, endpoint.account_id)
        if endpoint.secret != seen.secret:
            raise WrongState(_("Somebody else has just changed this secret; theirs holds."))
        previous = _open_if_possible(endpoint)
        secret = give_new_secret(endpoint)
        if previous is not None:
            endpoint.previous_secret = seal(previous.reveal(), place=_place(endpoint, PREVIOUS))
            endpoint.previous_secret_expires_at = now + OVERLAP
        endpoint.save(update_fields=[CURRENT, PREVIOUS, "previous_secret_expires_at", "updated_at"])
        record("webhook.secret_rotated", endpoint, at=now, actor=actor)
    return WithSecret(endpoint, secret)


def signing_secrets(endpoint: WebhookEndpoint, *, now: dt.datetime) -> list[Secret]:
    """Return what a message to the endpoint is signed with now, the newest first.

    :raises ReceiverFailed: one of them cannot be opened; nothing is signed then. It is our fault, and logged.
    """
    try:
        secrets = [_open(endpoint, CURRENT)]
        expires = endpoint.previous_secret_expires_at
        if expires is not None and expires > now:
            secrets.append(_open(endpoint, PREVIOUS))
    except Unsealable as error:
        logger.error("The secret of webhook %s cannot be used: %s", endpoint.pk, error)  # noqa: TRY400  # the text says it all
        text = "The secret of this webhook cannot be opened. Rotate it, or ask the operators of this site."
        raise ReceiverFailed(text, outcome="secret_unavailable", our_fault=True) from error
    return secrets


def reseal_secrets(*, now: dt.datetime) -> Iterator[tuple[int, int]]:
    """Bring all secrets under the newest of ``SECRET_KEYS``, batch by batch, so that the older keys can go.

    It may be stopped anywhere, and repeated: what is under the newest key stays as it is. What cannot be opened with
    any key is left alone, and logged.

    :returns: after each batch, how many endpoints were changed in it, and how many could not be.
    """
    last = None
    rows = WebhookEndpoint.objects.order_by("pk")
    while keys := list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:BATCH]):
        last = keys[-1]
        results = [_reseal(key, now=now) for key in keys]
        yield results.count(True), results.count(None)


def _reseal(key: Any, *, now: dt.datetime) -> bool | None:
    """Whether the endpoint was changed; ``None`` where its secrets cannot be opened."""
    with transaction.atomic(using=router.db_for_write(WebhookEndpoint)):
        endpoint = WebhookEndpoint.objects.locked().filter(pk=key).first()
        if endpoint is None:
            return False
        before = (endpoint.secret, endpoint.previous_secret)
        try:
            endpoint.secret = reseal(endpoint.secret, place=_place(endpoint, CURRENT))
            if endpoint.previous_secret:
                endpoint.previous_secret = reseal(endpoint.previous_secret, place=_place(endpoint, PREVIOUS))
        except Unsealable as error:
            logger.error("The secret of webhook %s was left as it is: %s", key, error)  # noqa: TRY400  # as above
            return None
        if (endpoint.secret, endpoint.previous_secret) == before:
            return False
        endpoint.save(update_fields=[CURRENT, PREVIOUS, "updated_at"])
        record("webhook.secret_resealed", endpoint, at=now)
    return True


def _open_if_possible(endpoint: WebhookEndpoint) -> Secret | None:
    try:
        return _open(endpoint, CURRENT)
    except Unsealable as error:
        logger.warning("The secret of webhook %s is replaced without an overlap: %s", endpoint.pk, error)
        return None


def _open(endpoint: WebhookEndpoint, field: str) -> Secret:
    return Secret.parse(unseal(getattr(endpoint, field), place=_place(endpoint, field)))


def _place(endpoint: WebhookEndpoint, field: str) -> str:
    return f"webhookendpoint:{endpoint.pk}:{field}"
