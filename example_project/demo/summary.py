"""What the demo prints at the end: where everything is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage

from demo.api_call import api_call
from demo.people import MANAGER, demo_password
from django_report_scheduling.models import GeneratedReport, ReportFile
from django_report_scheduling.reports import registry
from django_report_scheduling.services.report_storage import report_storage


def report_paths(report_ids: Sequence[Any]) -> Iterator[str]:
    """Yield the title of each report, then where its files lie: a path, or the key in a storage without paths."""
    reports = GeneratedReport.objects.filter(pk__in=report_ids).prefetch_related("files").order_by("pk")
    for report in reports:
        yield f"{registry.title(report.report_type)}, {report.account}"
        # The PDF first: it is what people want to see.
        for file in sorted(report.files.all(), key=lambda file: (file.format != "pdf", file.format)):
            yield f"  {_shown_path(file)}"


def missing_files(report_ids: Sequence[Any]) -> list[str]:
    """Return a line for each file that somebody deleted since it was made."""
    files = ReportFile.objects.filter(report__in=report_ids).order_by("report__report_type", "format")
    return [
        f"{_shown_path(file)} was deleted since it was made. Delete {shown(settings.VAR_DIR)} to begin anew."
        for file in files
        if not report_storage().exists(file.key)
    ]


def summary(report_ids: Sequence[Any], *, url: str) -> Iterator[str]:
    """Yield the lines that tell where everything is."""
    if url:
        yield f"  Portal    {url}"
        yield f"  Admin     {url}admin/"
        yield f"  API       {url}api/docs/ · from a shell:"
        for line in api_call(url=url, username=MANAGER, password=demo_password()):
            yield f"    {line}"
    yield f"  Users     admin, manager, client · password: {demo_password()}"
    yield "  Reports"
    for line in report_paths(report_ids):
        yield f"    {line}"
    if settings.MAIL_TO_FILES:
        folder = settings.MAIL_DIR
        yield f"  Mails     {shown(folder)}/ ({len(list(folder.glob('*.eml')))} files)"
    yield f"  Logs      {shown(settings.VAR_DIR / 'log')}/"


def shown(path: Path) -> str:
    """Return a path as seen from the current folder, if it lies below that."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _shown_path(file: ReportFile) -> str:
    storage = report_storage()
    return shown(Path(storage.path(file.key))) if isinstance(storage, FileSystemStorage) else file.key
