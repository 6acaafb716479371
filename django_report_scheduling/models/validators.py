"""Field validators of our models. Migrations name them; they stay at this path."""

from __future__ import annotations

from babel import Locale, UnknownLocaleError
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.recurrence.wall_clock import find_zone


def validate_locale(value: str) -> None:
    """Refuse a locale that the Unicode CLDR data of Babel does not know."""
    try:
        Locale.parse(value.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise ValidationError(
            _("“%(value)s” is not a known locale; use one like “en”, “de” or “pt-BR”."),
            code="invalid_locale",
            params={"value": value},
        ) from error


def validate_timezone(value: str) -> None:
    """Refuse a name that is not in the IANA time zone database."""
    if find_zone(value) is None:
        raise ValidationError(
            _("“%(value)s” is not an IANA time zone; use one like “Europe/Berlin” or “UTC”."),
            code="invalid_timezone",
            params={"value": value},
        )


def validate_domains(value: object) -> None:
    """Refuse anything but a list of lower-case domain names."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValidationError(_("Enter a list of domain names."), code="invalid_domains")
    check = DomainNameValidator(accept_idna=False)
    for domain in value:
        check(domain)
        if domain != domain.lower() or domain.endswith("."):
            raise ValidationError(
                _("“%(value)s” must be in lower case and without a dot at its end."),
                code="invalid_domains",
                params={"value": domain},
            )
