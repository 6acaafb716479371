"""The page that calendar programs subscribe to: the calendar, or nothing that tells why not."""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.file_responses.attachment import HEADERS
from django_report_scheduling.rendering.calendar import CONTENT_TYPE
from django_report_scheduling.services.calendar_feeds.files import open_calendar
from django_report_scheduling.services.clock import database_now

logger = logging.getLogger(__name__)

DISPOSITION = 'inline; filename="reports.ics"'
RETRY_AFTER = "3600"


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Send the calendar.

    Where it cannot be written this is 503: to a 404 programs react by forgetting the calendar.

    :raises Http404: forged, renewed, deleted, and of somebody who may see nothing any more look the same.
    """
    try:
        content = open_calendar(token=token, now=database_now())
    except WrongState as error:
        logger.error("A calendar cannot be written: %s", error)  # noqa: TRY400  # the text says it all
        headers = {**HEADERS, "Retry-After": RETRY_AFTER}
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8", headers=headers)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=CONTENT_TYPE, headers={**HEADERS, "Content-Disposition": DISPOSITION})
