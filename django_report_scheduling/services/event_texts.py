"""What the record says, in words for people, in the active language: one sentence for each verb, then its details."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from django_report_scheduling.choices import CancelReason, ErrorCode, MisfirePolicy, PauseReason, Role, WebhookStop
from django_report_scheduling.models import AuditEvent, ReportSchedule, WebhookEndpoint

SENTENCES: Final[Mapping[str, Any]] = {
    "account.deactivated": _lazy("The account was deactivated."),
    "account.deleted": _lazy("The account was deleted."),
    "account.webhook_pinged": _lazy("A webhook of the account was pinged."),
    "account.webhook_replayed": _lazy("A webhook of the account was told once more."),
    "role.granted": _lazy("A role on the account was given."),
    "role.revoked": _lazy("All roles on the account were taken away."),
    "schedule.created": _lazy("The schedule was set up."),
    "schedule.updated": _lazy("The schedule was changed."),
    "schedule.deleted": _lazy("The schedule was deleted."),
    "schedule.active": _lazy("The schedule goes on."),
    "schedule.paused": _lazy("The schedule was paused."),
    "schedule.errored": _lazy("The schedule was stopped after errors."),
    "schedule.ended": _lazy("The schedule has come to its end."),
    "schedule.owner_changed": _lazy("The schedule has a new owner."),
    "schedule.slots_missed": _lazy("Reports were missed while nothing was running."),
    "report.requested.schedule": _lazy("The schedule asked for a report."),
    "report.requested.manual": _lazy("Somebody asked for a report by hand."),
    "report.requested.preview": _lazy("Somebody asked for a preview."),
    "report.requested.backfill": _lazy("Somebody asked for the report of a slot of the past."),
    "report.pending": _lazy("The report fell due."),
    "report.queued": _lazy("The report was handed to the workers."),
    "report.requeued": _lazy("No worker took the report, so it was handed out again."),
    "report.running": _lazy("A worker began to make the report."),
    "report.succeeded": _lazy("The report was made."),
    "report.retry_planned": _lazy("An attempt to make the report failed; it will be tried again."),
    "report.failed": _lazy("The report failed for good."),
    "report.rescued": _lazy("The worker that was making the report vanished; another one takes over."),
    "report.skipped": _lazy("The report was skipped, because its schedule cannot run."),
    "report.missed": _lazy("The report was missed: nothing was running when it fell due."),
    "report.expired": _lazy("The report came too late and was not made."),
    "report.cancelled": _lazy("The report was cancelled."),
    "report.retried": _lazy("Somebody asked for the report to be made again."),
    "report.redelivered": _lazy("Somebody asked for the report to be sent again to those who did not get it."),
    "report.downloaded": _lazy("A file of the report was downloaded."),
    "delivery.pending": _lazy("The worker that was sending vanished; the delivery is sent again."),
    "delivery.sending": _lazy("A worker began to send the delivery."),
    "delivery.sent": _lazy("The delivery was sent."),
    "delivery.failed": _lazy("The delivery failed for good."),
    "delivery.suppressed": _lazy("The delivery was held back."),
    "delivery.unknown": _lazy("Nobody knows whether the delivery arrived."),
    "delivery.retry_planned": _lazy("An attempt to send the delivery failed; it will be tried again."),
    "delivery.reopened": _lazy("The delivery is sent again."),
    "delivery.replayed": _lazy("Somebody asked for the webhook to be told once more."),
    "recipient.asked": _lazy("Somebody at an address is asked whether they want the reports."),
    "recipient.confirmed": _lazy("Somebody at an address wants the reports."),
    "recipient.returned": _lazy("Somebody at an address has taken their unsubscription back."),
    "recipient.unsubscribed": _lazy("Somebody at an address has unsubscribed."),
    "recipient.bounced": _lazy("A mail server said that there is no such mailbox; nothing more is sent there."),
    "recipient.complained": _lazy("Somebody at an address has reported a mail as spam; nothing more is sent there."),
    "webhook.created": _lazy("The webhook was set up."),
    "webhook.updated": _lazy("The webhook was changed."),
    "webhook.deleted": _lazy("The webhook was deleted."),
    "webhook.active": _lazy("The webhook has answered a ping and is told from now on."),
    "webhook.disabled": _lazy("The webhook was disabled."),
    "webhook.reactivated": _lazy("The webhook was reactivated; it has to answer a ping first."),
    "webhook.secret_rotated": _lazy("The webhook got a new secret."),
    "webhook.secret_resealed": _lazy("The secret of the webhook was encrypted anew with the newest key."),
    "calendar_feed.created": _lazy("Somebody set a calendar feed of theirs up."),
    "calendar_feed.renewed": _lazy("The calendar feed got another address."),
    "calendar_feed.deleted": _lazy("The calendar feed was deleted, and its address with it."),
}
"""What each verb means. A test reads all code of the package for verbs that are missing here."""


def event_text(event: AuditEvent) -> str:
    """Return what happened as one sentence, with its details behind it.

    Codes become their labels. A verb of somebody else's is returned as it is.
    """
    if event.verb not in SENTENCES:
        return event.verb
    told = (tell(event.data[name]) for name, tell in DETAILS.items() if event.data.get(name))
    return " ".join([str(SENTENCES[event.verb]), *told])


def event_details(event: AuditEvent) -> dict[str, Any]:
    """Return the data of an event that may be shown: what is told in its sentence, as codes.

    The record knows more, such as the network address of somebody who downloaded a file; that is for administrators.
    """
    return {name: value for name, value in event.data.items() if name in DETAILS}


def _label(code: Any, *vocabularies: type[TextChoices]) -> str:
    """Return the label of a code; what is none, such as a reason that somebody wrote, as it is."""
    return next((str(each(code).label) for each in vocabularies if code in each.values), str(code))


def _reason(code: Any) -> str:
    return _label(code, PauseReason, CancelReason, WebhookStop)


def _error(code: Any) -> str:
    return _("Error: %(error)s.") % {"error": _label(code, ErrorCode)}


def _policy(code: Any) -> str:
    return _("Policy: “%(policy)s”.") % {"policy": _label(code, MisfirePolicy)}


def _role(code: Any) -> str:
    return _("Role: %(role)s.") % {"role": _label(code, Role)}


def _slot(moment: Any) -> str:
    return _("Slot: %(moment)s.") % {"moment": _in_utc(moment)}


def _next_attempt(moment: Any) -> str:
    return _("Next attempt: %(moment)s.") % {"moment": _in_utc(moment)}


def _attempt(number: Any) -> str:
    return _("Attempt %(number)d.") % {"number": number}


def _rescues(number: Any) -> str:
    return _("Rescue %(number)d.") % {"number": number}


def _format(name: Any) -> str:
    return _("Format: %(name)s.") % {"name": str(name).upper()}


def _deliveries(number: Any) -> str:
    text = ngettext("It goes to %(number)d target.", "It goes to %(number)d targets.", number)
    return text % {"number": number}


def _unlisted(number: Any) -> str:
    text = ngettext("%(number)d of them is not listed.", "%(number)d of them are not listed.", number)
    return text % {"number": number}


def _fields(names: Any) -> str:
    columns = (*WebhookEndpoint._meta.concrete_fields, *ReportSchedule._meta.concrete_fields)
    known = {field.name: str(field.verbose_name) for field in columns}
    return _("Changed: %(names)s.") % {"names": ", ".join(capfirst(known.get(name, name)) for name in names)}


def _host(name: Any) -> str:
    return _("Host: %(name)s.") % {"name": name}


def _webhook(key: Any) -> str:
    return _("Webhook: %(key)s.") % {"key": key}


def _in_utc(moment: Any) -> str:
    return f"{dt.datetime.fromisoformat(moment).astimezone(dt.UTC):%Y-%m-%d %H:%M:%S} UTC"


DETAILS: Final[Mapping[str, Callable[[Any], str]]] = {
    "reason": _reason,
    "code": _error,
    "policy": _policy,
    "role": _role,
    "fields": _fields,
    "slot": _slot,
    "attempt": _attempt,
    "rescues": _rescues,
    "at": _next_attempt,
    "format": _format,
    "deliveries": _deliveries,
    "unlisted": _unlisted,
    "host": _host,
    "webhook": _webhook,
}
"""How each entry of an event's data is told, in this order. What is not here, such as keys of users, is not."""
