"""Everything that a run left behind, as plain values: rows, stored files, mails."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import class_row

from tests.chaos.leave import LEFT
from tests.chaos.servers.names import MESSAGES


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What the load asked for."""

    schedule: str
    report_type: str
    formats: Sequence[str]
    recipients: Sequence[str]
    slots: Sequence[str]
    webhook: str = ""
    """Key of the endpoint that is told of it, where there is one."""
    webhook_leaves: bool = False
    """It is deleted in the middle of the run."""


@dataclass(frozen=True, kw_only=True)
class Schedule:
    id: str
    state: str
    state_reason: str


@dataclass(frozen=True, kw_only=True)
class Report:
    id: str
    schedule: str
    slot: dt.datetime
    status: str
    report_type: str
    attempt: int
    failures: int
    rescues: int
    error_code: str
    size: int | None


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A row about a file."""

    report: str
    format: str
    key: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    id: str
    report: str
    event: str
    channel: str
    target: str
    status: str
    attempt: int
    failures: int


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    id: str
    state: str
    consecutive_failures: int


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message that the receiver of webhooks took.

    :param at: when, in seconds since 1970.
    """

    at: float
    path: str
    id: str
    body: str
    verified: bool


@dataclass(frozen=True, kw_only=True)
class Audit:
    verb: str
    object: str


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail that the server accepted."""

    delivery: str
    recipient: str


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The whole.

    :param stored: key → size and SHA-256 of what really lies in the storage.
    :param poisoned: report type → how often it ran.
    :param left: paths of the endpoints that were deleted in the middle of the run.
    :param left_at: when they were.
    :param left_sending: deliveries to them that were being sent at that moment.
    """

    plan: Sequence[Planned] = ()
    schedules: Sequence[Schedule] = ()
    reports: Sequence[Report] = ()
    files: Sequence[StoredFile] = ()
    deliveries: Sequence[Delivery] = ()
    endpoints: Sequence[Endpoint] = ()
    told: Sequence[Told] = ()
    left: Sequence[str] = ()
    left_at: float = 0.0
    left_sending: Sequence[str] = ()
    audit: Sequence[Audit] = ()
    mails: Sequence[Mail] = ()
    stored: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    poisoned: Mapping[str, int] = field(default_factory=dict)


QUERIES: dict[str, tuple[type[Any], str]] = {
    "schedules": (Schedule, "SELECT id::text, state, state_reason FROM report_scheduling_reportschedule"),
    "reports": (
        Report,
        """
        SELECT id::text, schedule_id::text AS schedule, slot, status, report_type, attempt, failures, rescues,
               error_code, file_size_bytes AS size
        FROM report_scheduling_generatedreport
        """,
    ),
    "files": (
        StoredFile,
        "SELECT report_id::text AS report, format, key, size, sha256 FROM report_scheduling_reportfile",
    ),
    "deliveries": (
        Delivery,
        """
        SELECT id::text, report_id::text AS report, event, channel, target, status, attempt, failures
        FROM report_scheduling_delivery
        """,
    ),
    "endpoints": (Endpoint, "SELECT id::text, state, consecutive_failures FROM report_scheduling_webhookendpoint"),
    "audit": (Audit, "SELECT verb, object_id AS object FROM report_scheduling_auditevent"),
}


def take(*, dsn: str, folder: Path) -> Snapshot:
    """Look at everything.

    :param folder: of the run.
    """
    with psycopg.connect(dsn) as connection:
        rows = {
            name: connection.cursor(row_factory=class_row(row)).execute(query).fetchall()
            for name, (row, query) in QUERIES.items()
        }
    return Snapshot(
        plan=plan(folder),
        stored=stored(folder / "media"),
        mails=list(_mails(folder / "mails")),
        poisoned=_poisoned(folder / "poisoned"),
        told=list(_told(folder / MESSAGES)),
        **_left(folder / LEFT),
        **rows,
    )


def plan(folder: Path) -> list[Planned]:
    return [Planned(**planned) for planned in json.loads((folder / "plan.json").read_text(encoding="ascii"))]


def stored(media: Path) -> dict[str, tuple[int, str]]:
    found = {}
    for path in media.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            found[path.relative_to(media).as_posix()] = len(content), hashlib.sha256(content).hexdigest()
    return found


def _mails(file: Path) -> list[Mail]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    found = [re.fullmatch(r"<([^@>]*)@[^>]*> (.+)", line) for line in lines]
    return [
        Mail(delivery=match[1], recipient=match[2]) if match else Mail(delivery="", recipient="") for match in found
    ]


def _told(file: Path) -> Iterator[Told]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    yield from (Told(**json.loads(line)) for line in lines)


def _left(file: Path) -> dict[str, Any]:
    left = json.loads(file.read_text(encoding="ascii"))
    return {"left": left["paths"], "left_at": left["at"], "left_sending": left["sending"]}


def _poisoned(file: Path) -> dict[str, int]:
    ran = file.read_text(encoding="ascii").split() if file.exists() else []
    return {report_type: ran.count(report_type) for report_type in set(ran)}
