"""URLs of the pages; the host includes them: ``path("reports/", include("django_report_scheduling.pages.urls"))``."""

from __future__ import annotations

from django.urls import path

from django_report_scheduling.pages.calendar import calendar
from django_report_scheduling.pages.confirm import confirm
from django_report_scheduling.pages.download import download
from django_report_scheduling.pages.unsubscribe import unsubscribe

app_name = "report_scheduling"

urlpatterns = [
    path("calendar/<str:token>.ics", calendar, name="calendar"),
    path("confirm/<str:token>/", confirm, name="confirm"),
    path("download/<str:token>/", download, name="download"),
    path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
]
