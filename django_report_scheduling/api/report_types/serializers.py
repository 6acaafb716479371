"""Report types as JSON: all that a form for a schedule has to ask for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from django_report_scheduling.rendering import renderers
from django_report_scheduling.reports.parameter_descriptions import ParameterKind, describe_parameters
from django_report_scheduling.reports.registry import AnyReport


class ChoiceSerializer(serializers.Serializer[Any]):
    """One value that a parameter may have."""

    value = serializers.JSONField(help_text=_("The value, as it is sent."))
    label = serializers.CharField(help_text=_("What people call it."))  # type: ignore[assignment]  # a field's own name


class ParameterSerializer(serializers.Serializer[Any]):
    """A parameter of a report type."""

    name = serializers.CharField(help_text=_("Name in `parameters`."))
    label = serializers.CharField(help_text=_("What people call it."))  # type: ignore[assignment]  # as above
    help_text = serializers.CharField(help_text=_("What it does; may be empty."))  # type: ignore[assignment]  # as above
    type = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in ParameterKind])
    required = serializers.BooleanField(help_text=_("Whether it has to be given."))  # type: ignore[assignment]  # as above
    default = serializers.JSONField(help_text=_("The value it has when it is not given."))
    choices = ChoiceSerializer(many=True, allow_null=True, help_text=_("The values it may have; null where open."))


class ReportTypeSerializer(serializers.Serializer[AnyReport]):
    """A kind of report."""

    key = serializers.CharField(help_text=_("What schedules call it."))
    title = serializers.CharField(help_text=_("What people call it."))
    description = serializers.CharField(help_text=_("What it answers, in a sentence; may be empty."))
    formats = serializers.SerializerMethodField(help_text=_("File formats it can be made in."))
    parameters = serializers.SerializerMethodField(help_text=_("What can be set."))

    def get_formats(self, report: AnyReport) -> list[str]:  # noqa: ARG002  # every type can be made in every format
        """Return the aliases of the renderers."""
        return list(renderers)

    @extend_schema_field(ParameterSerializer(many=True))
    def get_parameters(self, report: AnyReport) -> list[dict[str, Any]]:
        """Return the parameters in the order in which they are declared."""
        return list(ParameterSerializer(describe_parameters(report.parameters), many=True).data)
