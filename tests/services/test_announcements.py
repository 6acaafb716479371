"""Signals tell a host what happened, after it has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.dispatch import Signal
from pytest_django import DjangoCaptureOnCommitCallbacks

from django_report_scheduling.choices import ErrorCode
from django_report_scheduling.services.report_claims import fail_attempt, finish_report
from django_report_scheduling.services.schedule_states import pause_schedule
from django_report_scheduling.signals import report_failed, report_succeeded, schedule_state_changed
from tests.factories import NOW, GeneratedReportFactory, ReportScheduleFactory

pytestmark = pytest.mark.django_db


@contextmanager
def heard(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    told: list[dict[str, Any]] = []

    def receiver(**arguments: Any) -> None:
        told.append(arguments)

    signal.connect(receiver)
    try:
        yield told
    finally:
        signal.disconnect(receiver)


def test_a_finished_report_is_announced(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    report = GeneratedReportFactory(running=True)

    with heard(report_succeeded) as told, django_capture_on_commit_callbacks(execute=True):
        finish_report(report, files=[], targets=[], now=NOW)

    assert [(call["report_id"], call["schedule_id"]) for call in told] == [(report.pk, report.schedule_id)]


def test_a_failed_report_is_announced_with_its_code(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    report = GeneratedReportFactory(running=True)

    with heard(report_failed) as told, django_capture_on_commit_callbacks(execute=True):
        fail_attempt(report, code=ErrorCode.QUERY_FAILED, message="m", permanent=True, now=NOW)

    assert [call["error_code"] for call in told] == ["query_failed"]


def test_a_new_state_of_a_schedule_is_announced(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    schedule = ReportScheduleFactory()

    with heard(schedule_state_changed) as told, django_capture_on_commit_callbacks(execute=True):
        pause_schedule(schedule_id=schedule.pk, actor=None, now=NOW, reason="holidays")

    assert [(call["state"], call["reason"]) for call in told] == [("paused", "holidays")]


def test_attack_053_what_is_rolled_back_is_not_announced(
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    report = GeneratedReportFactory(running=True, attempt=5)
    report.attempt = 4

    with heard(report_succeeded) as told, django_capture_on_commit_callbacks(execute=True):
        finish_report(report, files=[], targets=[], now=NOW)

    assert told == []
