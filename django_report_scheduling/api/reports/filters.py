"""Which reports a list shows.

The database finds the rows of an account or a schedule, and an account's rows between two slots, through an index.
State, trigger and type are looked at row by row among those, so give an account or a schedule with them where there
are many.
"""

from __future__ import annotations

from django_filters import CharFilter, ChoiceFilter
from django_filters.rest_framework import FilterSet

from django_report_scheduling.api.filters import KeyFilter, MomentFilter
from django_report_scheduling.choices import ReportStatus, Trigger
from django_report_scheduling.models import GeneratedReport


class ReportFilter(FilterSet):
    """Filters of the list of reports; all given have to hold."""

    account = KeyFilter(help_text="Reports on one account, by its id.")
    schedule = KeyFilter(help_text="Reports of one schedule, by its id.")
    status = ChoiceFilter(choices=ReportStatus.choices, help_text="Reports in one state.")
    trigger = ChoiceFilter(choices=Trigger.choices, help_text="Reports that one kind of request asked for.")
    report_type = CharFilter(max_length=64, help_text="Reports of one type, by its key.")
    slot_after = MomentFilter(field_name="slot", lookup_expr="gte", help_text="Slots at this moment or later.")
    slot_before = MomentFilter(field_name="slot", lookup_expr="lt", help_text="Slots before this moment.")

    class Meta:
        model = GeneratedReport
        fields: tuple[str, ...] = ()
