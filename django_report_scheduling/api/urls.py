"""URLs of the API; the host includes them: ``path("api/v1/", include("django_report_scheduling.api.urls"))``."""

from __future__ import annotations

from django.urls import path

from django_report_scheduling.api.accounts.views import AccountViewSet
from django_report_scheduling.api.calendar_feeds.views import CalendarFeedViewSet
from django_report_scheduling.api.recipients.views import RecipientViewSet
from django_report_scheduling.api.report_types.views import ReportTypeViewSet
from django_report_scheduling.api.reports.file import stored_file
from django_report_scheduling.api.reports.views import ReportViewSet
from django_report_scheduling.api.routers import OptionalSlashRouter
from django_report_scheduling.api.schedules.views import ReportScheduleViewSet
from django_report_scheduling.api.webhooks.views import WebhookViewSet

app_name = "report_scheduling_api"

router = OptionalSlashRouter()
router.register("webhooks", WebhookViewSet, basename="webhook")
router.register("report-schedules", ReportScheduleViewSet, basename="report-schedule")
router.register("reports", ReportViewSet, basename="report")
router.register("calendar-feeds", CalendarFeedViewSet, basename="calendar-feed")
router.register("accounts", AccountViewSet, basename="account")
router.register("recipients", RecipientViewSet, basename="recipient")
router.register("report-types", ReportTypeViewSet, basename="report-type")

urlpatterns = [
    path("files/<str:token>/", stored_file, name="file"),
    path("files/<str:token>", stored_file),
    *router.urls,
]
