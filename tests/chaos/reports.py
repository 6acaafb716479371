"""The report types of the chaos host: one that works for a moment, and two that kill the process that makes them."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from django import forms
from django.conf import settings

from django_report_scheduling.reports import (
    Column,
    Parameters,
    Report,
    ReportContent,
    ReportRequest,
    Table,
    Unit,
    parameter,
    register,
)


@dataclass(frozen=True, kw_only=True)
class Work(Parameters):
    milliseconds: int = parameter(forms.IntegerField(min_value=0, max_value=60_000), default=20)


@register
class WorkReport(Report[Work]):
    """Takes as long as it is told to."""

    key = "work"
    title = "Work"
    parameters = Work

    def query(self, request: ReportRequest[Work]) -> ReportContent:
        time.sleep(request.parameters.milliseconds / 1000)
        rows = [(f"Row {number}", number) for number in range(20)]
        columns = (Column(key="name", label="Name"), Column(key="count", label="Count", unit=Unit.NUMBER))
        return ReportContent(
            metrics={"rows": len(rows)}, blocks=(Table(key="rows", title="Rows", columns=columns, rows=rows),)
        )


class _Poison(Report[Work]):
    """Notes that it runs, and takes its process with it."""

    parameters = Work

    def query(self, request: ReportRequest[Work]) -> ReportContent:
        with (settings.FOLDER / "poisoned").open("a", encoding="ascii") as file:
            file.write(f"{self.key}\n")
        self.die()
        return ReportContent()

    def die(self) -> None:
        raise NotImplementedError


@register
class KillingReport(_Poison):
    """Is killed as by the kernel when memory runs out."""

    key = "killing"
    title = "Killing"

    def die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


@register
class ExitingReport(_Poison):
    """Ends the process, as a crashing C library does, without a word."""

    key = "exiting"
    title = "Exiting"

    def die(self) -> None:
        os._exit(1)


@register
class FailingReport(Report[Work]):
    """Never succeeds."""

    key = "failing"
    title = "Failing"
    parameters = Work

    def query(self, request: ReportRequest[Work]) -> ReportContent:
        msg = "it is meant to fail"
        raise RuntimeError(msg)
