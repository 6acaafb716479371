"""The answer when the storage does not: it is us, not the link, and it passes."""

from __future__ import annotations

from django.http import HttpResponse

from django_report_scheduling.exceptions import StorageUnavailable


def storage_unavailable(error: StorageUnavailable) -> HttpResponse:
    """Return a 503 with ``Retry-After`` (RFC 9110 §15.6.4), and nothing of what the storage said."""
    headers = {"Retry-After": str(error.retry_after), "Cache-Control": "no-store"}
    return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8", headers=headers)
