"""The import of one access log, from the first line to the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from django.db import connections, router, transaction

from django_report_scheduling.contrib.web_analytics.access_log.exceptions import AccessLogError
from django_report_scheduling.contrib.web_analytics.access_log.excerpt import safe_excerpt
from django_report_scheduling.contrib.web_analytics.access_log.line import parse_line
from django_report_scheduling.contrib.web_analytics.access_log.size import read_size
from django_report_scheduling.contrib.web_analytics.access_log.source import LINE_LIMIT, read_lines
from django_report_scheduling.contrib.web_analytics.access_log.timestamp import TimestampReader
from django_report_scheduling.contrib.web_analytics.importing.dimensions import Dimensions
from django_report_scheduling.contrib.web_analytics.importing.insertion import BulkInserter, Row
from django_report_scheduling.contrib.web_analytics.importing.result import LISTED, ImportResult, UnreadableLine
from django_report_scheduling.contrib.web_analytics.importing.rows import HIT_FIELDS, HIT_ORDER, RowMaker
from django_report_scheduling.contrib.web_analytics.models import Hit, Site

BATCH = 10_000
"""Hits per transaction: long enough to be fast, short enough for others to write in between."""

Progress = Callable[[ImportResult], None]


def import_access_log(
    *, stream: BinaryIO, account_id: str, progress: Progress | None = None, batch_size: int = BATCH
) -> ImportResult:
    """Import the hits of a log that are not there yet.

    Every batch is a transaction of its own. Whatever interrupts the import, running it again completes it: hits that
    are there count as duplicates.

    :param stream: the log, as plain bytes.
    :param account_id: primary key, as text, of the account whose traffic it is.
    :param progress: called after every batch.
    :raises AccessLogError: not one line could be read; nothing was written.
    """
    result = ImportResult()
    timestamps = TimestampReader()
    sink: _Sink | None = None
    rows: list[Row] = []
    for number, line in _numbered(stream, result):
        fields = parse_line(line) if len(line) <= LINE_LIMIT else None
        unix_time = None if fields is None else timestamps.read(fields)
        size = None if fields is None else read_size(fields[6])
        if fields is None or unix_time is None or size is None:
            _note_unreadable(result, number, line)
            continue
        sink = sink or _Sink(account_id)
        rows.append(sink.maker.row(line, fields, unix_time, size))
        if len(rows) >= batch_size:
            sink.write(rows, result)
            rows = []
            result.lines = number
            if progress is not None:
                progress(result)
    if sink is None:
        raise AccessLogError(_nothing_readable(result))
    sink.write(rows, result)
    return result


class _Sink:
    """Where rows go, set up when the first one is there: a file that is no log leaves no trace."""

    def __init__(self, account_id: str) -> None:
        self._using = router.db_for_write(Hit)
        connection = connections[self._using]
        site, _created = Site.objects.using(self._using).get_or_create(account_id=account_id)
        self._dimensions = Dimensions(connection, site.pk)
        self._hits = BulkInserter(connection, Hit, HIT_FIELDS, order=HIT_ORDER)
        self.maker = RowMaker(site_id=site.pk, account_id=str(site.account_id), dimensions=self._dimensions)

    def write(self, rows: list[Row], result: ImportResult) -> None:
        with transaction.atomic(using=self._using):
            self._dimensions.flush()
            new = self._hits.insert(rows)
        result.imported += new
        result.duplicates += len(rows) - new


def _numbered(stream: BinaryIO, result: ImportResult) -> Iterator[tuple[int, bytes]]:
    number = 0
    for lines in read_lines(stream):
        for line in lines:
            number += 1
            stripped = line.rstrip(b"\r ")
            if stripped:
                yield number, stripped
        result.lines = number


def _note_unreadable(result: ImportResult, number: int, line: bytes) -> None:
    result.unreadable += 1
    if len(result.first_unreadable) < LISTED:
        result.first_unreadable.append(UnreadableLine(number=number, excerpt=safe_excerpt(line)))


def _nothing_readable(result: ImportResult) -> str:
    example = "".join(f" Line {line.number} begins: {line.excerpt}" for line in result.first_unreadable[:1])
    return (
        f"Not one of {result.lines} lines could be read, so nothing was imported. "
        f"Is this an access log in Common or Combined Log Format?{example}"
    )
