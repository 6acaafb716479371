"""Everything that must hold before a schedule is stored, checked at once."""

from __future__ import annotations

import copy
import datetime as dt
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from django_report_scheduling.exceptions import (
    InvalidRecurrence,
    RecipientRefused,
    ReportSchedulingError,
    ValidationFailed,
)
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.rendering import renderers
from django_report_scheduling.reports import registry
from django_report_scheduling.services.mail_addresses import normalise_address
from django_report_scheduling.services.recipients.withholding import asks_external_recipients, external_recipients

MAX_RECIPIENTS: Final = 50
MAX_MISFIRE_GRACE: Final = dt.timedelta(days=366)
LINE_ENDERS: Final = frozenset({"Cc", "Zl", "Zp"})
"""Unicode categories of what ends a line or is no text at all."""

Errors = dict[str, list[str]]


def clean_schedule(schedule: ReportSchedule) -> None:
    """Check an unsaved or changed schedule and normalise its parameters, formats and recipients in place.

    :raises ValidationFailed: with all messages, by field.
    """
    errors: Errors = {}
    _spell_emptiness(schedule)
    _check_fields(schedule, errors)
    _check_recurrence(schedule, errors)
    _check_report_type(schedule, errors)
    _check_formats(schedule, errors)
    _check_recipients(schedule, errors)
    if errors:
        raise RecipientRefused(errors) if set(errors) == {"recipients"} else ValidationFailed(errors)


def _spell_emptiness(schedule: ReportSchedule) -> None:
    if schedule.recurrence is None:
        schedule.recurrence = ""
    for name in ("day_of_week", "day_of_month", "ends_at"):
        if getattr(schedule, name) == "":
            setattr(schedule, name, None)


def _check_fields(schedule: ReportSchedule, errors: Errors) -> None:
    own_checks = {"parameters", "formats", "recipients", "timezone", "report_type"}
    try:
        schedule.full_clean(exclude=own_checks, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        errors.update(error.message_dict)
    if "name" not in errors and any(unicodedata.category(character) in LINE_ENDERS for character in schedule.name):
        errors["name"] = [_("Line breaks and control characters are not allowed.")]
    if "misfire_grace" not in errors and not dt.timedelta(0) <= schedule.misfire_grace <= MAX_MISFIRE_GRACE:
        errors["misfire_grace"] = [_("Give a duration of 0 to %(days)d days.") % {"days": MAX_MISFIRE_GRACE.days}]


def _check_recurrence(schedule: ReportSchedule, errors: Errors) -> None:
    readable = copy.copy(schedule)
    stand_ins = {"time_of_day": dt.time(), "starts_at": None, "ends_at": None, "recurrence": ""}
    for name in stand_ins.keys() & errors.keys():
        setattr(readable, name, stand_ins[name])
    try:
        readable.as_recurrence()
    except InvalidRecurrence as error:
        for name, messages in error.errors.items():
            errors.setdefault(name, messages)


def _check_report_type(schedule: ReportSchedule, errors: Errors) -> None:
    try:
        report = registry.get(schedule.report_type)
        schedule.parameters = report.parameters.parse(schedule.parameters).as_json()
    except ValidationFailed as error:
        for name, messages in error.errors.items():
            field = "parameters" if name == "__all__" else f"parameters.{name}"
            errors[field] = messages
    except ReportSchedulingError as error:
        errors["report_type"] = [str(error)]


def _check_formats(schedule: ReportSchedule, errors: Errors) -> None:
    formats = schedule.formats
    if not isinstance(formats, list) or not formats:
        errors["formats"] = [_("Name at least one format; there are: %(formats)s.") % {"formats": ", ".join(renderers)}]
        return
    unknown = [str(name)[:32] for name in formats if not isinstance(name, str) or name not in renderers]
    if unknown:
        errors["formats"] = [
            _("Unknown format %(unknown)s; there are: %(formats)s.")
            % {"unknown": ", ".join(unknown), "formats": ", ".join(renderers)}
        ]
        return
    schedule.formats = list(dict.fromkeys(formats))


def _check_recipients(schedule: ReportSchedule, errors: Errors) -> None:
    if not isinstance(schedule.recipients, list):
        errors["recipients"] = [_("Recipients must be a list of mail addresses.")]
        return
    if len(schedule.recipients) > MAX_RECIPIENTS:
        errors["recipients"] = [
            _("At most %(limit)d recipients, got %(number)d.")
            % {"limit": MAX_RECIPIENTS, "number": len(schedule.recipients)}
        ]
        return
    messages = []
    addresses: dict[str, str] = {}
    for value in schedule.recipients:
        try:
            address = normalise_address(value)
        except ValueError as error:
            messages.append(str(error))
        else:
            addresses.setdefault(address.lower(), address)
    wanted = list(addresses.values())
    if "account" not in errors and not asks_external_recipients():
        messages += [
            _(
                "%(address)s may not receive reports of this account: it needs a role on the account or an allowed "
                "domain."
            )
            % {"address": address}
            for address in external_recipients(schedule.account, wanted)
        ]
    if messages:
        errors["recipients"] = messages
    else:
        schedule.recipients = wanted
