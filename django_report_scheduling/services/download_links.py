"""Links in mails: signed for one delivery and one file, and checked again whenever they are followed."""

from __future__ import annotations

from typing import Any, Final

from django.core import signing
from django.urls import NoReverseMatch, reverse

from django_report_scheduling.choices import DeliveryStatus
from django_report_scheduling.conf import conf
from django_report_scheduling.models import Delivery, ReportFile

SALT: Final = "report_scheduling.download"
URL_NAME: Final = "report_scheduling:download"


def download_url(delivery: Delivery, file: ReportFile) -> str:
    """Return the absolute link to one file for one target; empty without ``BASE_URL`` or without our URLs."""
    if not conf.BASE_URL:
        return ""
    token = signing.dumps({"d": str(delivery.pk), "f": file.format}, salt=SALT)
    try:
        return conf.BASE_URL.rstrip("/") + reverse(URL_NAME, args=[token])
    except NoReverseMatch:
        return ""


def resolve_download(token: str) -> tuple[Delivery, ReportFile] | None:
    """Return the delivery and file that a link stands for, or ``None`` when the link is not, or no longer, good.

    A link lives as long as the report's file (``RETENTION``) and only as long as its target may still receive the
    report; who follows it learns nothing about why it is refused.
    """
    claim = _claim(token)
    if claim is None:
        return None
    delivery = (
        Delivery.objects.select_related("report__account", "report__schedule", "report__requested_by")
        .filter(
            pk=claim["d"],
            webhook=None,
            status__in=(DeliveryStatus.SENT, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN),
        )
        .first()
    )
    if delivery is None:
        return None
    file = ReportFile.objects.filter(report=delivery.report, format=claim["f"]).first()
    return (delivery, file) if file is not None else None


def _claim(token: str) -> dict[str, Any] | None:
    try:
        claim = signing.loads(token, salt=SALT, max_age=conf.RETENTION)
    except signing.BadSignature:
        return None
    return claim if isinstance(claim, dict) and {"d", "f"} <= claim.keys() else None
