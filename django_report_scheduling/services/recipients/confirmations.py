"""The mail that asks somebody whether they want an account's reports."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from django_report_scheduling.choices import Event
from django_report_scheduling.delivery import DeliveryRequest
from django_report_scheduling.exceptions import DeliveryError
from django_report_scheduling.models import Delivery
from django_report_scheduling.rendering.locales import translation_language
from django_report_scheduling.services.account_profiles import account_profile
from django_report_scheduling.services.recipients.links import confirmation_url


def confirmation_request(delivery: Delivery, *, confirm: Callable[[], None]) -> DeliveryRequest:
    """Return what the mail channel is told, in the language of the account.

    :param confirm: as in :class:`DeliveryRequest`.
    :raises DeliveryError: there is no link to answer by.
    """
    consent = delivery.consent
    assert consent is not None  # noqa: S101  # a constraint of the database
    url = confirmation_url(consent)
    if not url:
        text = "Nobody can be asked without BASE_URL and django_report_scheduling.pages.urls in the URLs of this site."
        raise DeliveryError(text, permanent=True)
    profile = account_profile(consent.account)
    with translation.override(translation_language(profile.locale)):
        title = _("Reports by mail")
    return DeliveryRequest(
        id=str(delivery.pk),
        event=Event(delivery.event),
        target=delivery.target,
        account=profile,
        title=title,
        schedule_name="",
        period=None,
        files=(),
        created_at=delivery.created_at,
        confirm=confirm,
        confirmation_url=url,
    )
