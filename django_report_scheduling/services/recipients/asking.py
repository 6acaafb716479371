"""Asking somebody, by mail, whether they want an account's reports: rarely, however many accounts ask.

Each mail of this kind goes to somebody who has not asked for it. So an address gets ``MAX_ASKED`` of them within
``WINDOW`` from all accounts together, and one from each; beyond that nothing is sent, and it looks the same to whoever
asked, as it would tell one account what others do.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any, Final

from django.contrib.auth.models import AbstractUser
from django.db import router, transaction
from django.utils.translation import gettext as _

from django_report_scheduling.choices import ConsentState, Event
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AbstractAccount, Delivery, RecipientConsent
from django_report_scheduling.services.audit import record
from django_report_scheduling.services.authority import require_manager
from django_report_scheduling.services.named_locks import make_lock, take_lock
from django_report_scheduling.services.recipients.consents import consent_of
from django_report_scheduling.services.recipients.links import confirmation_url
from django_report_scheduling.services.recipients.withholding import asks_external_recipients, external_recipients

MAX_ASKED: Final = 3
WINDOW: Final = dt.timedelta(hours=24)
ASKING: Final = "asking recipients"
"""Name of the lock under which is counted."""
NEEDS_ASKING: Final = (ConsentState.UNASKED, ConsentState.ASKED)


def ask_recipient(*, consent_id: Any, actor: AbstractUser | None, now: dt.datetime) -> RecipientConsent:
    """Ask the person at an address, again, whether they want the account's reports.

    For a mailbox that has bounced or complained this is the only way back, for one that has unsubscribed beside the
    link of the mails it got.

    :returns: the row, whether or not a mail goes out: how often others have asked is nobody's business.
    :raises RecipientConsent.DoesNotExist: there is no such row.
    :raises NotPermitted: the actor does not manage its account.
    :raises WrongState: the person has agreed already, or this site has no links to answer by.
    """
    require_manager(actor, RecipientConsent.objects.fresh().get(pk=consent_id).account_id)
    make_lock(ASKING)
    with transaction.atomic(using=router.db_for_write(RecipientConsent)):
        take_lock(ASKING)
        consent = RecipientConsent.objects.locked().get(pk=consent_id)
        require_manager(actor, consent.account_id)
        if consent.state == ConsentState.CONFIRMED:
            raise WrongState(_("This recipient has confirmed already."))
        if not confirmation_url(consent):
            raise WrongState(
                _("Nobody can be asked: this site needs BASE_URL, and django_report_scheduling.pages.urls in its URLs.")
            )
        _ask(consent, actor=actor, now=now)
    return consent


def ask_new_recipients(
    *, account_id: Any, addresses: Sequence[str], actor: AbstractUser | None, now: dt.datetime
) -> None:
    """Ask those who have never been asked, inside the transaction that makes them recipients.

    :param addresses: what :func:`recipients_to_ask` returned.
    """
    if not addresses:
        return
    take_lock(ASKING)
    for address in addresses:
        known = consent_of(account_id, address)
        # Read anew under its own lock: the person may have answered meanwhile.
        consent = RecipientConsent.objects.locked().get(pk=known.pk)
        if consent.state == ConsentState.UNASKED:
            _ask(consent, actor=actor, now=now)


def recipients_to_ask(account: AbstractAccount, addresses: Sequence[str]) -> list[str]:
    """Return those of the addresses that may receive reports only once the person there has agreed.

    Call it before the transaction for :func:`ask_new_recipients` begins: it asks the host's policy, and makes ready.
    """
    if not asks_external_recipients():
        return []
    external = external_recipients(account, addresses)
    if external:
        make_lock(ASKING)
    return external


def _ask(consent: RecipientConsent, *, actor: AbstractUser | None, now: dt.datetime) -> None:
    """Ask, inside a transaction of the caller that has taken first the lock of asking and then that of the row."""
    if consent.state in NEEDS_ASKING:
        consent.state = ConsentState.ASKED
    if _may_mail(consent, now=now):
        consent.nonce, consent.asked_at = secrets.token_urlsafe(), now
        Delivery.objects.create(
            consent=consent, event=Event.RECIPIENT_CONFIRMATION, channel="email", target=consent.address, wake_at=now
        )
    consent.save(update_fields=["state", "nonce", "asked_at", "updated_at"])
    record("recipient.asked", consent, at=now, actor=actor)


def _may_mail(consent: RecipientConsent, *, now: dt.datetime) -> bool:
    recent = RecipientConsent.objects.fresh().filter(key=consent.key, asked_at__gt=now - WINDOW)
    return recent.count() < MAX_ASKED and not recent.filter(pk=consent.pk).exists()
