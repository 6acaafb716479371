"""Schedules as JSON. Types and sizes are checked here, the substance by the services."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from django_report_scheduling.access.recipients import is_same_address
from django_report_scheduling.access.visibility import managed_among
from django_report_scheduling.api.account_field import AccountField
from django_report_scheduling.api.fields import Mapping, Moment, Seconds, Texts, WholeNumber
from django_report_scheduling.api.permissions import person
from django_report_scheduling.api.strict_serializers import StrictModelSerializer
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.reports import registry
from django_report_scheduling.services.schedule_validation import MAX_MISFIRE_GRACE, MAX_RECIPIENTS
from django_report_scheduling.services.state_texts import state_text

MAX_FORMATS: Final = 10


class ReportScheduleSerializer(StrictModelSerializer[ReportSchedule]):
    """A schedule; whoever only sees the account's reports is shown no other person."""

    account = AccountField(help_text=_("The customer the report is about; cannot be changed."))
    account_name = serializers.CharField(source="account.name", read_only=True, help_text=_("Name of the account."))
    report_title = serializers.SerializerMethodField(help_text=_("What people call the report type."))
    parameters = Mapping(required=False, help_text=_("Parameters, as the report type defines them."))
    formats = Texts(required=False, max_length=MAX_FORMATS, help_text=_('File formats to make, e.g. ["pdf", "xlsx"].'))
    day_of_week = WholeNumber(
        required=False,
        allow_null=True,
        min_value=0,
        max_value=6,
        help_text=_("For weekly reports: 0 is Monday, 6 is Sunday."),
    )
    day_of_month = WholeNumber(
        required=False,
        allow_null=True,
        min_value=-1,
        max_value=28,
        help_text=_("For monthly and quarterly reports: 1 to 28, or -1 for the last day."),
    )
    recipients = Texts(
        required=False,
        max_length=MAX_RECIPIENTS,
        help_text=_("Mail addresses that receive the report. Clients see their own only."),
    )
    active = serializers.BooleanField(read_only=True, help_text=_("Whether the schedule runs."))
    state_reason = serializers.SerializerMethodField(help_text=_("Why it is in this state, as a sentence."))
    misfire_grace = Seconds(
        required=False,
        min_value=0,
        max_value=int(MAX_MISFIRE_GRACE.total_seconds()),
        help_text=_("How many seconds late a report may start and still count as on time."),
    )
    next_run_at = serializers.SerializerMethodField(help_text=_("The next due slot; null unless active."))
    created_by = serializers.SerializerMethodField(
        help_text=_("Id of the owner; null for the system, and for clients.")
    )

    class Meta:
        model = ReportSchedule
        fields: ClassVar = [
            "id",
            "account",
            "account_name",
            "name",
            "report_type",
            "report_title",
            "parameters",
            "formats",
            "frequency",
            "day_of_week",
            "day_of_month",
            "time_of_day",
            "timezone",
            "recurrence",
            "starts_at",
            "ends_at",
            "recipients",
            "active",
            "state",
            "state_reason",
            "misfire_policy",
            "misfire_grace",
            "next_run_at",
            "last_run_at",
            "consecutive_failures",
            "created_by",
            "created_at",
            "updated_at",
        ]
        read_only_fields: ClassVar = ["state", "last_run_at", "consecutive_failures"]

    def get_report_title(self, schedule: ReportSchedule) -> str:
        """Return the title of the report type."""
        return registry.title(schedule.report_type)

    def get_state_reason(self, schedule: ReportSchedule) -> str:
        """Return the reason of the state in words."""
        return state_text(schedule)

    @extend_schema_field(Moment(allow_null=True))
    def get_next_run_at(self, schedule: ReportSchedule) -> str | None:
        """Return the next slot of a schedule that runs."""
        return Moment().to_representation(schedule.next_run_at) if schedule.active and schedule.next_run_at else None

    def get_created_by(self, schedule: ReportSchedule) -> str | None:
        """Return the key of the owner."""
        return None if schedule.created_by_id is None else str(schedule.created_by_id)

    def to_representation(self, instance: ReportSchedule) -> dict[str, Any]:
        """Return the schedule as this person may see it."""
        shown: dict[str, Any] = super().to_representation(instance)
        if not self._manages(instance):
            email = str(getattr(person(self.context["request"]), "email", ""))
            shown["recipients"] = [address for address in instance.recipients if is_same_address(address, email)]
            shown["created_by"] = None
        return shown

    def _manages(self, schedule: ReportSchedule) -> bool:
        user = person(self.context["request"])
        known: bool | None = getattr(schedule, "managed", None)  # a row that was just written comes without
        return bool(managed_among(user, [schedule.account_id])) if known is None else known
