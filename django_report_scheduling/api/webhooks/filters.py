"""Which endpoints a list shows."""

from __future__ import annotations

from django_filters import ChoiceFilter
from django_filters.rest_framework import FilterSet

from django_report_scheduling.api.filters import KeyFilter
from django_report_scheduling.choices import WebhookState
from django_report_scheduling.models import WebhookEndpoint


class WebhookFilter(FilterSet):
    """Filters of the list of endpoints; all given have to hold."""

    account = KeyFilter(help_text="Endpoints of one account, by its id.")
    state = ChoiceFilter(choices=WebhookState.choices, help_text="Endpoints in one state.")

    class Meta:
        model = WebhookEndpoint
        fields: tuple[str, ...] = ()
