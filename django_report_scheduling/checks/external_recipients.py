"""What asking people outside of the policy needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import NoReverseMatch, reverse

from django_report_scheduling.checks.configured import named
from django_report_scheduling.checks.value_rules import is_sound
from django_report_scheduling.conf import conf


def check_external_recipients(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E015: people are to be asked by mail, but there is no link for them to answer by."""
    if not is_sound("EXTERNAL_RECIPIENTS", "BASE_URL") or conf.EXTERNAL_RECIPIENTS != "confirm":
        return []
    missing = [what for what, is_missing in (("BASE_URL", not conf.BASE_URL), ("pages", _no_pages())) if is_missing]
    if not missing:
        return []
    fixes = {
        "BASE_URL": f'Set {named("BASE_URL")} = "https://reports.example.com" to the address of this site.',
        "pages": 'Add path("reports/", include("django_report_scheduling.pages.urls")) to the URLs of this site.',
    }
    return [
        Error(
            f'{named("EXTERNAL_RECIPIENTS")} is "confirm", but nobody could: the links have no place to lead to.',
            hint=" ".join(fixes[what] for what in missing),
            id="report_scheduling.E015",
        )
    ]


def _no_pages() -> bool:
    if not getattr(settings, "ROOT_URLCONF", None):
        return True
    try:
        reverse("report_scheduling:confirm", args=["token"])
    except NoReverseMatch:
        return True
    return False
