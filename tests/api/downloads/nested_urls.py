"""A host that mounts the API twice, once inside a namespace of its own."""

from __future__ import annotations

from django.urls import include, path

API = include("django_report_scheduling.api.urls")

urlpatterns = [
    path("first/", include(([path("reporting/", API)], "host"), namespace="v1")),
    path("second/", include("django_report_scheduling.api.urls", namespace="second")),
]
