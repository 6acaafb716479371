"""URLs of the portal."""

from __future__ import annotations

from django.urls import path

from portal import views

app_name = "portal"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("reports/<uuid:report_id>/<slug:format_name>/", views.download, name="download"),
]
