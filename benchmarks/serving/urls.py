"""Ours and the baseline side by side, in one server."""

from __future__ import annotations

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from benchmarks.serving.bare import BareViewSet

router = SimpleRouter()
router.register("report-schedules", BareViewSet, basename="bare")

urlpatterns = [
    path("api/v1/", include("django_report_scheduling.api.urls")),
    path("bare/", include(router.urls)),
]
