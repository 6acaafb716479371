"""The baseline: what Django REST framework's documentation shows, over the same table, with no permissions."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from django_report_scheduling.models import ReportSchedule


class BarePages(CursorPagination):
    """The cheapest pages there are, as ours: a baseline that counts would be slower."""

    page_size = 50
    ordering = "-pk"


class BareSerializer(ModelSerializer[ReportSchedule]):
    """Every column."""

    class Meta:
        model = ReportSchedule
        fields = "__all__"


class BareViewSet(ModelViewSet[ReportSchedule]):
    """Everybody sees and changes every schedule."""

    queryset = ReportSchedule.objects.all()
    serializer_class = BareSerializer
    pagination_class = BarePages
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)
