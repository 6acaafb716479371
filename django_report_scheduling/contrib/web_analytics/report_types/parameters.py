"""Parameters that several report types have in common."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.reports import Parameters, parameter

_HOSTS = r"^\s*(?:[\w.-]+(?:\s*,\s*|\s+|$))*\s*$"


@dataclass(frozen=True, kw_only=True)
class TableParameters(Parameters):
    """How long tables are, and which links count as internal."""

    rows: int = parameter(
        forms.IntegerField(
            min_value=1, max_value=1000, label=_("Rows per table"), help_text=_("The longest a table may be.")
        ),
        default=10,
    )
    own_hosts: str = parameter(
        forms.CharField(
            max_length=1000,
            validators=[RegexValidator(_HOSTS, _("Enter host names separated by commas, e.g. “example.com”."))],
            label=_("Further own hosts"),
            help_text=_("Host names, separated by commas, whose links are internal too."),
        ),
        default="",
    )

    @property
    def own_host_list(self) -> list[str]:
        """The further own hosts, one by one."""
        return [host for host in re.split(r"[\s,]+", self.own_hosts) if host]
