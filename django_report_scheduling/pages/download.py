"""The page behind the link in a mail: the file, or nothing that tells why not."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.downloads import open_download


@never_cache
@require_safe
def download(request: HttpRequest, token: str) -> FileResponse:
    """Send the file as an attachment.

    :raises Http404: forged, expired, revoked and missing look the same.
    """
    found = open_download(token=token, now=database_now(), headers_only=request.method == "HEAD")
    if found is None:
        raise Http404
    file = found.file
    response = FileResponse(found.content, as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
