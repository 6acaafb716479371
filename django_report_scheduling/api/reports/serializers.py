"""Reports and their deliveries as JSON. Read only: people change them by what they do with them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from django_report_scheduling.api.fields import Choice, Moment
from django_report_scheduling.api.strict_serializers import StrictModelSerializer
from django_report_scheduling.choices import DeliveryState
from django_report_scheduling.models import Delivery, GeneratedReport, ReportFile
from django_report_scheduling.reports import registry
from django_report_scheduling.services.delivery_states import delivery_states
from django_report_scheduling.services.state_texts import report_reason_text


class ReportFileSerializer(StrictModelSerializer[ReportFile]):
    """One file of a report; where it is stored is told to nobody."""

    class Meta:
        model = ReportFile
        fields: ClassVar = ["format", "name", "content_type", "size", "sha256"]
        read_only_fields: ClassVar = fields


class ReportSerializer(StrictModelSerializer[GeneratedReport]):
    """One report, as :func:`.rows.shown_reports` reads it."""

    schedule = serializers.UUIDField(
        source="schedule_id", allow_null=True, read_only=True, help_text=_("The schedule; null once that is deleted.")
    )
    schedule_name = serializers.CharField(
        source="schedule.name", default=None, allow_null=True, read_only=True, help_text=_("Name of the schedule.")
    )
    account = serializers.CharField(
        source="account_id", read_only=True, help_text=_("The customer the report is about.")
    )
    account_name = serializers.CharField(source="account.name", read_only=True, help_text=_("Name of the account."))
    report_title = serializers.SerializerMethodField(help_text=_("What people call the report type."))
    status_text = serializers.SerializerMethodField(
        help_text=_("Why it did not run, or what went wrong last, as a sentence; empty where nothing did.")
    )
    delivery_state = serializers.SerializerMethodField(help_text=_("Whether everyone it is for has it."))
    files = serializers.SerializerMethodField(help_text=_("Its files, in the order of its formats."))
    requested_at = Moment(source="created_at", read_only=True, help_text=_("When the row was made."))

    class Meta:
        model = GeneratedReport
        fields: ClassVar = [
            "id",
            "schedule",
            "schedule_name",
            "account",
            "account_name",
            "report_type",
            "report_title",
            "trigger",
            "slot",
            "timezone",
            "period_start",
            "period_end",
            "status",
            "status_text",
            "delivery_state",
            "attempt",
            "error_code",
            "error_message",
            "generation_time_ms",
            "file_size_bytes",
            "files",
            "requested_at",
            "started_at",
            "finished_at",
            "expires_at",
        ]
        read_only_fields: ClassVar = fields

    def get_report_title(self, report: GeneratedReport) -> str:
        """Return the title of the report type."""
        return registry.title(report.report_type)

    def get_status_text(self, report: GeneratedReport) -> str:
        """Return the reason of the status in words."""
        return report_reason_text(report)

    @extend_schema_field(Choice(choices=DeliveryState.choices))
    def get_delivery_state(self, report: GeneratedReport) -> str:
        """Return whether everyone has it."""
        return str(self._delivery_states[report.pk].value)

    @extend_schema_field(ReportFileSerializer(many=True))
    def get_files(self, report: GeneratedReport) -> Any:
        """Return the files that were read with the report, in the order in which its formats were asked for."""
        places = {name: place for place, name in enumerate(report.formats)}
        files = sorted(report.files.all(), key=lambda file: places.get(file.format, len(places)))
        return ReportFileSerializer(files, many=True).data

    @cached_property
    def _delivery_states(self) -> Mapping[Any, DeliveryState]:
        """The states of all reports that are shown: one query for a whole page."""
        parent: Any = self.parent
        shown = self.instance if parent is None else parent.instance
        reports = [shown] if isinstance(shown, GeneratedReport) else shown or []
        return delivery_states([report.pk for report in reports])


class DeliverySerializer(StrictModelSerializer[Delivery]):
    """What one target got, or why not."""

    class Meta:
        model = Delivery
        fields: ClassVar = [
            "id",
            "event",
            "channel",
            "target",
            "status",
            "attempt",
            "error_code",
            "error_message",
            "sent_at",
            "created_at",
        ]
        read_only_fields: ClassVar = fields


class RedeliverySerializer(serializers.Serializer[Any]):
    """What comes of sending a report again."""

    deliveries = serializers.IntegerField(
        read_only=True, min_value=0, help_text=_("To how many targets it is sent again; who has it gets nothing.")
    )
