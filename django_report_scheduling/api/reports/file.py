"""``GET files/{token}/``: a file of a storage that signs no URLs, behind a signed one of ours."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from django_report_scheduling.exceptions import StorageUnavailable
from django_report_scheduling.file_responses import send_file, storage_unavailable
from django_report_scheduling.services.downloads import open_file


@login_not_required
@require_safe
def stored_file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the file as an attachment to the person it was given out to; the signature is all that they need to show.

    :raises Http404: forged, expired, somebody else's, and missing look the same.
    """
    try:
        found = open_file(token=token, asking=getattr(request, "user", None), headers_only=request.method == "HEAD")
    except StorageUnavailable as error:
        return storage_unavailable(error)
    if found is None:
        raise Http404
    return send_file(request, found.file, found.content)
