"""The record in words."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.functional import Promise

import django_report_scheduling
from django_report_scheduling.choices import SUPPRESSED_STATES, DeliveryStatus, ReportStatus, ScheduleState, Trigger
from django_report_scheduling.models import AuditEvent
from django_report_scheduling.services.event_texts import DETAILS, SENTENCES, event_details, event_text

PACKAGE = Path(django_report_scheduling.__file__).parent
FAMILIES = {
    "schedule.": ScheduleState.values,
    "report.": ReportStatus.values,
    "report.requested.": Trigger.values,
    "delivery.": DeliveryStatus.values,
    "recipient.": SUPPRESSED_STATES,
}
"""What is put behind the fixed part of a verb that is not written out."""
WRITERS = {"record", "_record", "audit_event", "AuditEvent", "create", "count_request"}
FORWARDED = {("audit.py", "verb"), ("accounts.py", "verb"), ("roles.py", "verb"), ("allowances.py", "verb")}
"""Where a verb is passed on that was given at a call which is read itself."""


def calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def called(call: ast.Call) -> str:
    return str(call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", ""))


def verbs_in(path: Path, call: ast.Call) -> Iterator[str]:
    name = called(call)
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if name not in WRITERS or (name == "create" and "verb" not in named):
        return
    verb = named.get("verb") or call.args[0]
    if isinstance(verb, ast.Constant):
        yield str(verb.value)
    elif isinstance(verb, ast.JoinedStr):
        start, value = verb.values
        assert isinstance(start, ast.Constant)
        assert isinstance(value, ast.FormattedValue)
        yield from (f"{start.value}{end}" for end in FAMILIES[str(start.value)])
    else:
        assert isinstance(verb, ast.Name)
        if (path.name, verb.id) not in FORWARDED:
            yield constant(path, verb.id)


def constant(path: Path, name: str) -> str:
    """The value of a name at the top of a module."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == name:
            return str(ast.literal_eval(node.value))
    pytest.fail(f"{path} writes a verb under the name {name}, which this test cannot read.")


def verbs_in_code() -> set[str]:
    return {verb for path, call in calls() for verb in verbs_in(path, call)}


def verbs_in_sql() -> set[str]:
    """Bulk writes put their verbs into SQL, as texts in quotes of their own."""
    texts = (
        node.value
        for path in sorted((PACKAGE / "services" / "bulk_writes").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    quoted = {text.split("'")[1] for text in texts if text.count("'") >= 2}
    starts = tuple(FAMILIES)
    found = {text for text in quoted if text.startswith(starts)}
    return {f"{verb}{end}" for verb in found for end in (FAMILIES.get(verb) or [""])}


def test_no_verb_that_the_package_writes_lacks_a_sentence() -> None:
    verbs = verbs_in_code() | verbs_in_sql()

    assert {"report.failed", "schedule.paused", "delivery.reopened", "role.granted", "report.queued"} <= verbs
    assert verbs - set(SENTENCES) == set()


def test_no_sentence_is_for_a_verb_that_nobody_writes() -> None:
    assert set(SENTENCES) - verbs_in_code() - verbs_in_sql() == set()


@pytest.mark.parametrize(
    ("verb", "data", "text"),
    [
        ("schedule.created", {}, "The schedule was set up."),
        ("schedule.paused", {"reason": "holidays"}, "The schedule was paused. holidays"),
        ("schedule.paused", {"reason": "account_inactive"}, "The schedule was paused. The account is inactive."),
        (
            "schedule.updated",
            {"fields": ["time_of_day", "gone"]},
            "The schedule was changed. Changed: Time of day, Gone.",
        ),
        (
            "schedule.slots_missed",
            {"unlisted": 1},
            "Reports were missed while nothing was running. 1 of them is not listed.",
        ),
        (
            "schedule.slots_missed",
            {"unlisted": 5},
            "Reports were missed while nothing was running. 5 of them are not listed.",
        ),
        ("report.failed", {"code": "query_failed"}, "The report failed for good. Error: Query failed."),
        (
            "report.retry_planned",
            {"code": "timed_out", "at": "2026-03-02T08:00:00+01:00"},
            (
                "An attempt to make the report failed; it will be tried again. Error: Timed out. "
                "Next attempt: 2026-03-02 07:00:00 UTC."
            ),
        ),
        (
            "report.expired",
            {"policy": "skip", "slot": "2026-03-02T07:00:00+00:00"},
            "The report came too late and was not made. Policy: “Skip missed reports”. Slot: 2026-03-02 07:00:00 UTC.",
        ),
        (
            "report.cancelled",
            {"reason": "schedule_deleted"},
            "The report was cancelled. The schedule has been deleted.",
        ),
        ("report.running", {"attempt": 2}, "A worker began to make the report. Attempt 2."),
        (
            "report.redelivered",
            {"deliveries": 0},
            "Somebody asked for the report to be sent again to those who did not get it.",
        ),
        ("report.downloaded", {"format": "pdf"}, "A file of the report was downloaded. Format: PDF."),
        ("role.granted", {"role": "client"}, "A role on the account was given. Role: Client."),
        (
            "webhook.disabled",
            {"reason": "failures"},
            "The webhook was disabled. Too many deliveries in a row failed.",
        ),
        (
            "webhook.updated",
            {"fields": ["events", "url"], "host": "hooks.example"},
            "The webhook was changed. Changed: Events, URL. Host: hooks.example.",
        ),
        ("account.webhook_pinged", {"webhook": "7"}, "A webhook of the account was pinged. Webhook: 7."),
        ("account.webhook_replayed", {"webhook": "7"}, "A webhook of the account was told once more. Webhook: 7."),
        ("host.did_something", {"reason": "x"}, "host.did_something"),
    ],
)
def test_details_are_told_behind_the_sentence_and_codes_by_their_labels(verb: str, data: dict, text: str) -> None:
    assert event_text(AuditEvent(verb=verb, data=data)) == text


def test_every_sentence_stands_alone_and_ends() -> None:
    assert {str(text)[-1] for text in SENTENCES.values()} == {"."}
    assert all(event_text(AuditEvent(verb=verb)) == str(text) for verb, text in SENTENCES.items())


def test_a_code_that_is_no_longer_known_is_told_as_it_is() -> None:
    told = {
        name: event_text(AuditEvent(verb="report.failed", data={name: "x"})) for name in ("reason", "code", "policy")
    }

    assert told == {
        "reason": "The report failed for good. x",
        "code": "The report failed for good. Error: x.",
        "policy": "The report failed for good. Policy: “x”.",
    }


def test_sentences_are_translated_when_they_are_told_and_not_when_they_are_loaded() -> None:
    assert all(isinstance(text, Promise) for text in SENTENCES.values())


def test_everything_that_is_written_down_of_an_event_is_told() -> None:
    written = {
        str(key.value)
        for _path, call in calls()
        for keyword in call.keywords
        if keyword.arg == "data" and called(call) in WRITERS
        for node in ast.walk(keyword.value)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }

    assert {"reason", "code", "attempt"} <= written
    assert written <= set(DETAILS)


def test_what_has_no_words_is_not_among_the_details() -> None:
    event = AuditEvent(verb="report.downloaded", data={"format": "pdf", "client_ip": "192.0.2.7"})

    assert event_details(event) == {"format": "pdf"}
    assert "192.0.2.7" not in event_text(event)
