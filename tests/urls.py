"""URLs of the test host."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("django_report_scheduling.api.urls")),
    path("reports/", include("django_report_scheduling.pages.urls")),
]
