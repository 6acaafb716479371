"""Which schedules a list shows."""

from __future__ import annotations

from django_filters import CharFilter, ChoiceFilter
from django_filters.rest_framework import FilterSet

from django_report_scheduling.api.filters import KeyFilter
from django_report_scheduling.choices import Frequency, ScheduleState
from django_report_scheduling.models import ReportSchedule


class ReportScheduleFilter(FilterSet):
    """Filters of the list of schedules; all given have to hold."""

    account = KeyFilter(help_text="Schedules of one account, by its id.")
    state = ChoiceFilter(choices=ScheduleState.choices, help_text="Schedules in one state.")
    report_type = CharFilter(max_length=64, help_text="Schedules of one report type, by its key.")
    frequency = ChoiceFilter(choices=Frequency.choices, help_text="Schedules of one frequency.")
    search = CharFilter(
        field_name="name", lookup_expr="icontains", max_length=200, help_text="Part of the name, in any case."
    )

    class Meta:
        model = ReportSchedule
        fields: tuple[str, ...] = ()
