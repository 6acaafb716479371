"""Answers that carry a report's file, the same for the API and for the pages behind mailed links."""

from __future__ import annotations

from django_report_scheduling.file_responses.attachment import send_file
from django_report_scheduling.file_responses.redirect import REDIRECT_HEADERS, redirect_to
from django_report_scheduling.file_responses.unavailable import storage_unavailable

__all__ = ["REDIRECT_HEADERS", "redirect_to", "send_file", "storage_unavailable"]
