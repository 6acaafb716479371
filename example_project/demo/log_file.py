"""The access log that a demo shows: found and tried out before anything is written."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from django.utils.text import slugify

from django_report_scheduling.contrib.web_analytics.access_log.exceptions import AccessLogError
from django_report_scheduling.contrib.web_analytics.access_log.excerpt import safe_excerpt
from django_report_scheduling.contrib.web_analytics.access_log.line import parse_line
from django_report_scheduling.contrib.web_analytics.access_log.source import open_log, read_lines

SHIPPED_LOG = Path(__file__).resolve().parent.parent / "data" / "apache_access.log.gz"
SUFFIXES = (".gz", ".log", ".txt")
LINES_TRIED = 10_000


@dataclass(frozen=True, kw_only=True, slots=True)
class LogFile:
    """A log that is there and reads as one, and how its account is called."""

    path: Path
    slug: str
    """Of the account; each name of a log has an account of its own."""
    account_name: str

    @property
    def shipped(self) -> bool:
        """Whether it is the log that comes with the example."""
        return self.path == SHIPPED_LOG


def find_log(name: str) -> LogFile:
    """Return the log of this path, or the shipped one when the name is empty.

    :raises AccessLogError: the file is missing, unreadable, empty, or not an access log. Nothing has been written.
    """
    path = Path(name).expanduser().resolve() if name else SHIPPED_LOG
    _try_out(path)
    if path == SHIPPED_LOG:
        return LogFile(path=path, slug="demo", account_name="Demo Company")
    stem = path.name
    while stem.lower().endswith(SUFFIXES):
        stem = stem[: stem.rindex(".")]
    slug = slugify(stem.replace(".", "-"))[:60] or "log"
    return LogFile(path=path, slug=f"log-{slug}", account_name=f"Log “{stem}”"[:200])


def _try_out(path: Path) -> None:
    tried = 0
    example = b""
    with open_log(str(path), sys.stdin.buffer) as stream:
        for lines in read_lines(stream):
            for line in filter(None, lines):
                if parse_line(line) is not None:
                    return
                example = example or line
                tried += 1
            if tried >= LINES_TRIED:
                break
    msg = (
        f"{path} does not look like an access log: not one of its first {tried} lines is in Common or Combined Log "
        f"Format. It begins: {safe_excerpt(example)}"
    )
    raise AccessLogError(msg)
