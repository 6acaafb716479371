"""Why something is as it is, told in words."""

from __future__ import annotations

from typing import Any

import pytest

from django_report_scheduling.choices import CancelReason, ErrorCode, MisfirePolicy, PauseReason, ReportStatus
from django_report_scheduling.models import GeneratedReport
from django_report_scheduling.services.state_texts import report_reason_text

MISSED, SKIPPED, FAILED = ReportStatus.MISSED, ReportStatus.SKIPPED, ReportStatus.FAILED
INVALID = "invalid_schedule: timezone: “Mars/Phobos” is not a time zone."


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"status": MISSED, "status_reason": "skip"}, "It came too late under the policy “Skip missed reports”."),
        ({"status": SKIPPED, "status_reason": "account_inactive"}, "The account is inactive."),
        ({"status": ReportStatus.CANCELLED, "status_reason": "cancelled_by_hand"}, "Somebody cancelled it."),
        ({"status": SKIPPED, "status_reason": INVALID}, INVALID),
        ({"status": FAILED, "error_code": ErrorCode.QUERY_FAILED}, "Query failed"),
        ({"status": ReportStatus.SUCCEEDED}, ""),
    ],
)
def test_a_report_says_why_it_did_not_run(fields: dict[str, Any], text: str) -> None:
    assert report_reason_text(GeneratedReport(**fields)) == text


@pytest.mark.parametrize("status", [ReportStatus.MISSED, ReportStatus.EXPIRED])
@pytest.mark.parametrize("policy", MisfirePolicy.values)
def test_no_policy_is_told_as_its_code(status: ReportStatus, policy: str) -> None:
    assert "too late" in report_reason_text(GeneratedReport(status=status, status_reason=policy))


def test_every_reason_fits_its_column() -> None:
    longest = GeneratedReport._meta.get_field("status_reason").max_length or 0

    assert all(len(code) <= longest for code in (*PauseReason.values, *CancelReason.values))
