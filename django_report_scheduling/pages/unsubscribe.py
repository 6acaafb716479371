"""The page behind “Unsubscribe” in a mail, and what a mail program posts to by itself (RFC 8058)."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from django_report_scheduling.choices import ConsentState
from django_report_scheduling.pages.page import no_longer_valid, page
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.recipients import answers

AGAIN: Final = "again"
"""Field of the form by which somebody takes it back."""


# Nobody is logged in here whose session could be abused: the link is the permission, and RFC 8058 §3.1 wants no cookie.
@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show what would be ended, end it on POST, or take that back.

    A GET changes nothing: scanners of mail follow links.
    """
    if request.method == "POST":
        answer = answers.subscribe_again if AGAIN in request.POST else answers.unsubscribe
        answer(token=token, now=database_now())
    consent = answers.subscription_of(token)
    if consent is None:
        return no_longer_valid(request)
    template = "unsubscribed.html" if consent.state == ConsentState.UNSUBSCRIBED else "unsubscribe.html"
    taken_back = AGAIN in request.POST and not consent.suppressed
    return page(
        request,
        "subscribed.html" if taken_back else template,
        account=consent.account,
        address=consent.address,
        again=AGAIN,
    )
