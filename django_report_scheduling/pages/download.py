"""The page behind the link in a mail: the file, or nothing that tells why not."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from django_report_scheduling.exceptions import StorageUnavailable
from django_report_scheduling.file_responses import redirect_to, send_file, storage_unavailable
from django_report_scheduling.pages.page import no_longer_valid
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.downloads import open_download


@login_not_required
@require_safe
def download(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the file as an attachment, or the reader to the storage that does.

    Forged, expired and revoked links, and links to a file that is gone, all lead to the same page.
    """
    try:
        found = open_download(token=token, now=database_now(), headers_only=request.method == "HEAD")
    except StorageUnavailable as error:
        return storage_unavailable(error)
    if found is None:
        return no_longer_valid(request)
    return redirect_to(found.url) if found.url else send_file(request, found.file, found.content)
