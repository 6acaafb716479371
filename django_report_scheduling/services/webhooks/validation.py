"""What an endpoint may be, checked before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from django_report_scheduling.choices import WEBHOOK_EVENTS
from django_report_scheduling.delivery import channels
from django_report_scheduling.exceptions import ValidationFailed
from django_report_scheduling.models import WebhookEndpoint
from django_report_scheduling.models.delivery import WEBHOOK


def clean_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they are to be stored.

    :raises ValidationFailed: with all messages by field.
    """
    cleaners = {"url": _url, "events": _events, "description": _description}
    cleaned: dict[str, Any] = {}
    errors = {name: [_("This field cannot be changed.")] for name in fields if name not in cleaners}
    for name in cleaners.keys() & fields.keys():
        try:
            cleaned[name] = cleaners[name](fields[name])
        except ValidationFailed as error:
            errors |= error.errors
    if errors:
        raise ValidationFailed(errors)
    return cleaned


def _url(value: Any) -> str:
    if not isinstance(value, str):
        raise ValidationFailed({"url": [_("Enter the URL as text.")]})
    return channels[WEBHOOK].normalise_target(value)


def _events(value: Any) -> list[str]:
    known = [event.value for event in WEBHOOK_EVENTS]
    if not isinstance(value, list | tuple) or not value:
        raise ValidationFailed({"events": [_("Give at least one of: %(events)s.") % {"events": ", ".join(known)}]})
    unknown = [str(event)[:64] for event in value if event not in known]
    if unknown:
        raise ValidationFailed(
            {
                "events": [
                    _("There is no event “%(event)s”. Known are: %(events)s.")
                    % {"event": unknown[0], "events": ", ".join(known)}
                ]
            }
        )
    return [event for event in known if event in value]


def _description(value: Any) -> str:
    limit = WebhookEndpoint._meta.get_field("description").max_length
    if not isinstance(value, str) or len(value) > (limit or 0) or not value.isprintable():
        raise ValidationFailed(
            {"description": [_("Enter one line of at most %(limit)d characters.") % {"limit": limit}]}
        )
    return value.strip()
