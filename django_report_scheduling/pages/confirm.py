"""The page behind the link by which somebody agrees to receive reports."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from django_report_scheduling.pages.page import no_longer_valid, page
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.recipients import answers


# Nobody is logged in here whose session could be abused: the link is the permission.
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is agreed to, and agree on POST, once; a GET changes nothing: scanners of mail follow links."""
    agreed = request.method == "POST"
    consent = answers.confirm(token=token, now=database_now()) if agreed else answers.confirmation_of(token)
    if consent is None:
        return no_longer_valid(request)
    template = "subscribed.html" if agreed else "confirm.html"
    return page(request, template, account=consent.account, address=consent.address)
