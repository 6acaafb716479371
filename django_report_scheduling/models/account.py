"""The customer that reports are about: the abstract model for hosts, and the default one."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import ACCOUNT_MODEL_SETTING, get_account_model_string
from django_report_scheduling.models.timestamped import TimestampedModel
from django_report_scheduling.models.validators import validate_domains, validate_locale

get_account_model_string()


class AbstractAccount(models.Model):
    """Everything the package needs to know of a customer; a host's own Account model inherits from it.

    A subclass that declares its own ``Meta`` inherits ``AbstractAccount.Meta``, otherwise the two permissions that
    carry the roles are lost.
    """

    name = models.CharField(_("name"), max_length=200, help_text=_("Printed on every report."))
    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, help_text=_("Short name for commands and file names.")
    )
    active = models.BooleanField(
        _("active"), default=True, help_text=_("Reports of an inactive account are neither made nor delivered.")
    )
    allowed_recipient_domains = models.JSONField(
        _("allowed recipient domains"),
        default=list,
        blank=True,
        validators=[validate_domains],
        help_text=_('Mail domains whose addresses may receive this account’s reports, e.g. ["example.com"].'),
    )
    logo = models.ImageField(
        _("logo"),
        upload_to="report_scheduling/logos/",
        blank=True,
        help_text=_("PNG or JPEG, printed in the header of reports."),
    )
    accent_color = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#1f4e8c",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Enter a colour as #rrggbb."))],
        help_text=_("Colour of headings and charts, as #rrggbb."),
    )
    locale = models.CharField(
        _("locale"),
        max_length=20,
        default="en",
        validators=[validate_locale],
        help_text=_("Language and region of reports and mails, e.g. “de-CH”."),
    )
    number_format = models.CharField(
        _("number format"),
        max_length=20,
        blank=True,
        validators=[validate_locale],
        help_text=_("Locale whose number and date format is used; empty follows the locale."),
    )

    class Meta:
        abstract = True
        permissions: ClassVar = [
            ("manage_reports", _("Can manage the report schedules of the account")),
            ("view_reports", _("Can view the reports of the account")),
        ]

    def __str__(self) -> str:
        return self.name


class Account(AbstractAccount, TimestampedModel):
    """The account model for hosts that do not have one of their own."""

    class Meta(AbstractAccount.Meta):
        abstract = False
        swappable = ACCOUNT_MODEL_SETTING
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering: ClassVar = ["name"]
