"""URLs of the API; the host includes them: ``path("api/v1/", include("django_report_scheduling.api.urls"))``."""

from __future__ import annotations

from django_report_scheduling.api.routers import OptionalSlashRouter

app_name = "report_scheduling_api"

router = OptionalSlashRouter()

urlpatterns = router.urls
