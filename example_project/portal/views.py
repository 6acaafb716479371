"""The pages of the portal."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from django_report_scheduling.choices import LIVE_REPORT_STATUSES
from django_report_scheduling.services.report_storage import report_storage
from portal.visible_rows import visible_files, visible_reports, visible_schedules

REPORTS_SHOWN = 50
REFRESH_SECONDS = 5


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show the schedules and the newest reports; reloads by itself while a report is under way."""
    reports = list(visible_reports(request.user)[:REPORTS_SHOWN])
    under_way = any(report.status in LIVE_REPORT_STATUSES for report in reports)
    context = {
        "schedules": visible_schedules(request.user),
        "reports": reports,
        "refresh": REFRESH_SECONDS if under_way else None,
    }
    response = render(request, "portal/overview.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def download(request: HttpRequest, report_id: UUID, format_name: str) -> FileResponse:
    """Send one file of a report; what the user may not see does not exist."""
    file = get_object_or_404(visible_files(request.user), report_id=report_id, format=format_name)
    try:
        content = report_storage().open(file.key)
    except FileNotFoundError as error:
        msg = "The file of this report is no longer there."
        raise Http404(msg) from error
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
