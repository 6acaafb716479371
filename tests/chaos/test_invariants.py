"""That each invariant can fail: every one is shown a run that went wrong in its own way."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.chaos import invariants
from tests.chaos.invariants import Invariant, breaches
from tests.chaos.snapshot import (
    Audit,
    Delivery,
    Endpoint,
    Mail,
    Planned,
    Report,
    Schedule,
    Snapshot,
    StoredFile,
    Told,
)

SLOT = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
REPORT = Report(
    id="r", schedule="s", slot=SLOT, status="succeeded", report_type="work", attempt=2, failures=0, rescues=1,
    error_code="", size=3,
)  # fmt: skip
LOST = replace(REPORT, status="failed", error_code="worker_lost", attempt=4, rescues=3, size=None)
FILE = StoredFile(report="r", format="json", key="k", size=3, sha256="abc")
DELIVERY = Delivery(
    id="d", report="r", event="report.succeeded", channel="email", target="a@b.example", status="sent", attempt=1,
    failures=0,
)  # fmt: skip
EVENT = replace(DELIVERY, id="e-1", channel="webhook", target="w")
TOLD = Told(at=1.0, path="p", id="msg_e1", body='{"type": "report.succeeded", "data": {"report": "r"}}', verified=True)
ENDPOINT = Endpoint(id="w", state="active", consecutive_failures=0)
MAIL = Mail(delivery="d", recipient="a@b.example")
PLANNED = Planned(
    schedule="s",
    report_type="work",
    formats=["json"],
    recipients=["a@b.example"],
    slots=[SLOT.isoformat()],
    webhook="w",
)
GOOD = Snapshot(
    plan=[PLANNED],
    schedules=[Schedule(id="s", state="active", state_reason="")],
    reports=[REPORT],
    files=[FILE],
    deliveries=[DELIVERY, EVENT],
    endpoints=[ENDPOINT],
    told=[TOLD, TOLD],
    audit=[
        Audit(verb="report.pending", object="r"),
        Audit(verb="report.running", object="r"),
        Audit(verb="report.rescued", object="r"),
        Audit(verb="report.running", object="r"),
        Audit(verb="report.succeeded", object="r"),
        Audit(verb="delivery.sending", object="d"),
        Audit(verb="delivery.sent", object="d"),
        Audit(verb="delivery.sending", object="e-1"),
        Audit(verb="delivery.sent", object="e-1"),
    ],
    mails=[MAIL],
    stored={"k": (3, "abc")},
)
POISONED = replace(GOOD, reports=[replace(LOST, report_type="killing")], poisoned={"killing": 4})

BAD: list[tuple[Invariant, Snapshot, str]] = [
    (invariants.each_slot_has_one_finished_report, replace(GOOD, reports=[]), "has no report"),
    (invariants.each_slot_has_one_finished_report, replace(GOOD, reports=[REPORT, REPORT]), "has 2 reports"),
    (invariants.each_slot_has_one_finished_report, replace(GOOD, plan=[]), "never fell due"),
    (
        invariants.each_slot_has_one_finished_report,
        replace(GOOD, reports=[replace(REPORT, status="running")]),
        "ended as running",
    ),
    (
        invariants.failed_reports_have_a_cause,
        replace(GOOD, reports=[replace(REPORT, status="failed", error_code="worker_lost")]),
        "without having used up",
    ),
    (
        invariants.failed_reports_have_a_cause,
        replace(GOOD, reports=[replace(LOST, error_code="unknown_format")]),
        "without having used up",
    ),
    (invariants.attempts_add_up, replace(GOOD, reports=[replace(REPORT, attempt=3)]), "do not add up"),
    (invariants.attempts_add_up, replace(GOOD, reports=[replace(LOST, rescues=4, attempt=5)]), "too often"),
    (invariants.attempts_add_up, replace(GOOD, deliveries=[replace(DELIVERY, attempt=2)]), "too often"),
    (invariants.files_are_whole, replace(GOOD, files=[]), "wanted are ['json']"),
    (invariants.files_are_whole, replace(GOOD, stored={}), "the stored file k is None"),
    (invariants.files_are_whole, replace(GOOD, stored={"k": (3, "abd")}), "the stored file k"),
    (invariants.files_are_whole, replace(GOOD, reports=[replace(REPORT, size=4)]), "says 4 bytes"),
    (invariants.files_are_whole, replace(GOOD, files=[FILE, replace(FILE, report="x")]), "belong to no report"),
    (invariants.files_are_whole, replace(GOOD, reports=[LOST]), "wanted are []"),
    (invariants.each_target_has_one_delivery, replace(GOOD, deliveries=[]), "is delivered to []"),
    (invariants.each_target_has_one_delivery, replace(GOOD, deliveries=[DELIVERY, DELIVERY]), "is delivered to"),
    (
        invariants.each_target_has_one_delivery,
        replace(GOOD, deliveries=[replace(DELIVERY, status="sending")]),
        "ended as sending",
    ),
    (invariants.mails_match_deliveries, replace(GOOD, mails=[]), "0 mails"),
    (invariants.mails_match_deliveries, replace(GOOD, mails=[MAIL, MAIL]), "2 mails"),
    (
        invariants.mails_match_deliveries,
        replace(GOOD, mails=[MAIL, MAIL], deliveries=[replace(DELIVERY, status="unknown")]),
        "2 mails",
    ),
    (invariants.mails_match_deliveries, replace(GOOD, deliveries=[replace(DELIVERY, status="failed")]), "1 mails"),
    (invariants.mails_match_deliveries, replace(GOOD, mails=[MAIL, replace(MAIL, delivery="x")]), "no delivery"),
    (invariants.record_tells_the_same, replace(GOOD, audit=[*GOOD.audit, GOOD.audit[4]]), "2 × report.succeeded"),
    (invariants.record_tells_the_same, replace(GOOD, audit=GOOD.audit[1:]), "0 × report.pending"),
    (invariants.record_tells_the_same, replace(GOOD, audit=GOOD.audit[:-1]), "0 × delivery.sent"),
    (
        invariants.schedules_stop_only_for_failures,
        replace(GOOD, schedules=[Schedule(id="s", state="paused", state_reason="")]),
        "is paused",
    ),
    (
        invariants.schedules_stop_only_for_failures,
        replace(GOOD, schedules=[Schedule(id="s", state="errored", state_reason="")]),
        "after 0 failures",
    ),
    (
        invariants.schedules_stop_only_for_failures,
        replace(GOOD, audit=[Audit(verb="schedule.errored", object="s")]),
        "was stopped 1 times",
    ),
    (invariants.poison_runs_at_most_four_times, replace(POISONED, poisoned={"killing": 5}), "ran 5 times"),
    (invariants.poison_runs_at_most_four_times, replace(POISONED, poisoned={}), "never ran"),
    (
        invariants.poison_runs_at_most_four_times,
        replace(GOOD, reports=[replace(REPORT, report_type="killing")]),
        "ended as succeeded",
    ),
    (
        invariants.each_event_is_sent_to_its_endpoint_once,
        replace(GOOD, deliveries=[DELIVERY]),
        "webhooks are told [], wanted is",
    ),
    (
        invariants.each_event_is_sent_to_its_endpoint_once,
        replace(GOOD, deliveries=[EVENT, replace(EVENT, id="x")]),
        "wanted is",
    ),
    (
        invariants.each_event_is_sent_to_its_endpoint_once,
        replace(GOOD, deliveries=[replace(EVENT, status="failed")]),
        "'failed')], wanted is",
    ),
    (
        invariants.each_event_is_sent_to_its_endpoint_once,
        replace(GOOD, plan=[replace(PLANNED, webhook_leaves=True)]),
        "wanted is []",
    ),
    (invariants.what_was_told_is_what_was_sent, replace(GOOD, told=[]), "never arrived"),
    (invariants.what_was_told_is_what_was_sent, replace(GOOD, told=[replace(TOLD, verified=False)]), "does not hold"),
    (
        invariants.what_was_told_is_what_was_sent,
        replace(GOOD, told=[TOLD, replace(TOLD, body=TOLD.body.replace(" ", ""))]),
        "differ",
    ),
    (
        invariants.what_was_told_is_what_was_sent,
        replace(GOOD, told=[replace(TOLD, body=TOLD.body.replace('"r"', '"x"'))]),
        "tells of report.succeeded of x",
    ),
    (invariants.what_was_told_is_what_was_sent, replace(GOOD, deliveries=[DELIVERY]), "belongs to no delivery"),
    (invariants.nothing_is_told_after_the_end, replace(GOOD, left=["p"], left_at=0.5), "after its end"),
    (invariants.endpoints_stay_active, replace(GOOD, endpoints=[replace(ENDPOINT, state="disabled")]), "is disabled"),
    (
        invariants.endpoints_stay_active,
        replace(GOOD, endpoints=[replace(ENDPOINT, consecutive_failures=1)]),
        "consecutive_failures=1",
    ),
    (invariants.endpoints_stay_active, replace(GOOD, endpoints=[]), "is gone"),
    (invariants.nothing_is_stored_without_a_row, replace(GOOD, stored={"k": (3, "abc"), "o": (1, "x")}), "an orphan"),
]


def test_a_good_run_breaks_nothing() -> None:
    assert breaches(GOOD) == []
    under_way = replace(GOOD, left=["p"], left_at=0.5, left_sending=["e-1"])
    assert breaches(under_way, invariants.nothing_is_told_after_the_end) == []
    assert breaches(GOOD, invariants.nothing_is_stored_without_a_row) == []
    assert breaches(POISONED, invariants.poison_runs_at_most_four_times) == []


@pytest.mark.parametrize(("invariant", "snapshot", "words"), BAD)
def test_each_invariant_sees_what_it_is_for(invariant: Invariant, snapshot: Snapshot, words: str) -> None:
    assert any(words in breach for breach in breaches(snapshot, invariant))


def test_every_invariant_is_shown_a_bad_run() -> None:
    shown = {invariant for invariant, _snapshot, _words in BAD}
    assert shown == {*invariants.AFTER_THE_RUN, invariants.nothing_is_stored_without_a_row}
