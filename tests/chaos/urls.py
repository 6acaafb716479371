"""The pages to which the mails of the chaos host link."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("reports/", include("django_report_scheduling.pages.urls"))]
