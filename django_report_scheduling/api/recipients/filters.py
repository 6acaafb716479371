"""Which addresses a list shows."""

from __future__ import annotations

from django_filters import ChoiceFilter
from django_filters.rest_framework import FilterSet

from django_report_scheduling.api.filters import KeyFilter
from django_report_scheduling.choices import ConsentState
from django_report_scheduling.models import RecipientConsent


class RecipientFilter(FilterSet):
    """Filters of the list of addresses; all given have to hold."""

    account = KeyFilter(help_text="Addresses that one account has written to, by its id.")
    state = ChoiceFilter(choices=ConsentState.choices, help_text="Addresses of which one thing is known.")

    class Meta:
        model = RecipientConsent
        fields: tuple[str, ...] = ()
