"""Telling people, by mail, that a webhook has been disabled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils import translation

from django_report_scheduling.access.roles import accounts_visible_to, administrators, managers_of
from django_report_scheduling.choices import Event
from django_report_scheduling.delivery import DeliveryRequest
from django_report_scheduling.models import Delivery, WebhookEndpoint
from django_report_scheduling.rendering.locales import translation_language
from django_report_scheduling.services.account_profiles import account_profile


def people_to_tell(endpoint: WebhookEndpoint) -> set[str]:
    """Return the addresses of who manages the account, and of who set the endpoint up and still sees the account.

    Of administrators where there is nobody else.
    """
    people = {email for email in managers_of(endpoint.account).values_list("email", flat=True) if email}
    owner = endpoint.created_by
    if owner is not None and owner.email and accounts_visible_to(owner).filter(pk=endpoint.account_id).exists():
        people.add(owner.email)
    return people or {email for email in administrators().values_list("email", flat=True) if email}


def tell_disabled(endpoint: WebhookEndpoint, *, now: dt.datetime) -> None:
    """Queue a mail to each of them, inside the transaction that disabled it."""
    Delivery.objects.bulk_create(
        [
            Delivery(webhook=endpoint, event=Event.WEBHOOK_DISABLED, channel="email", target=email, wake_at=now)
            for email in sorted(people_to_tell(endpoint))
        ]
    )


def disabled_request(delivery: Delivery, *, confirm: Callable[[], None]) -> DeliveryRequest:
    """Return what the mail channel is told, in the language of the account.

    :param confirm: as in :class:`DeliveryRequest`.
    """
    endpoint = delivery.webhook
    assert endpoint is not None  # noqa: S101  # a constraint of the database
    profile = account_profile(endpoint.account)
    with translation.override(translation_language(profile.locale)):
        title, reason = str(endpoint), endpoint.get_state_reason_display()
    return DeliveryRequest(
        id=str(delivery.pk),
        event=Event(delivery.event),
        target=delivery.target,
        account=profile,
        title=title,
        schedule_name=title,
        period=None,
        files=(),
        created_at=delivery.created_at,
        reason=reason,
        confirm=confirm,
    )
