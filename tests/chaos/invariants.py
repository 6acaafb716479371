"""What has to be true after a run, whatever happened in it. Each function yields a sentence for each breach."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tests.chaos.snapshot import Delivery, Snapshot
from tests.chaos.webhook_invariants import (
    each_event_is_sent_to_its_endpoint_once,
    endpoints_stay_active,
    nothing_is_told_after_the_end,
    what_was_told_is_what_was_sent,
)

FINAL_REPORTS = frozenset({"succeeded", "failed"})
"""In this load nothing is skipped, missed, cancelled or expired."""
FINAL_DELIVERIES = frozenset({"sent", "failed", "unknown"})
LEGITIMATE_ERRORS = frozenset({"worker_lost", "storage_failed", "internal", "query_failed", "timed_out"})
MAX_RESCUES = 3
REPORT_RETRIES = 3
DELIVERY_RETRIES = 4
MAX_CONSECUTIVE_FAILURES = 3
POISONS = frozenset({"killing", "exiting"})
SUCCEEDED_EVENT, ERRORED_EVENT = "report.succeeded", "schedule.errored"


def mails(snapshot: Snapshot) -> list[Delivery]:
    return [delivery for delivery in snapshot.deliveries if delivery.channel == "email"]


Invariant = Callable[[Snapshot], Iterator[str]]


def each_slot_has_one_finished_report(snapshot: Snapshot) -> Iterator[str]:
    wanted = {
        (planned.schedule, dt.datetime.fromisoformat(slot)) for planned in snapshot.plan for slot in planned.slots
    }
    found = Counter((report.schedule, report.slot) for report in snapshot.reports)
    for slot in wanted - found.keys():
        yield f"slot {slot} has no report"
    for slot in found.keys() - wanted:
        yield f"slot {slot} has a report although it never fell due"
    for slot, number in found.items():
        if number > 1:
            yield f"slot {slot} has {number} reports"
    for report in snapshot.reports:
        if report.status not in FINAL_REPORTS:
            yield f"report {report.id} ended as {report.status}: {report}"


def failed_reports_have_a_cause(snapshot: Snapshot) -> Iterator[str]:
    for report in snapshot.reports:
        if report.status != "failed":
            continue
        used_up = report.failures > REPORT_RETRIES or report.rescues == MAX_RESCUES
        if report.error_code not in LEGITIMATE_ERRORS or not used_up:
            yield f"report {report.id} failed without having used up its chances: {report}"


def attempts_add_up(snapshot: Snapshot) -> Iterator[str]:
    """Each claim ends in success, in a failure that is counted, or in a rescue that is counted."""
    for report in snapshot.reports:
        last_was_neither = report.status == "succeeded" or report.error_code == "worker_lost"
        if report.attempt != report.failures + report.rescues + last_was_neither:
            yield f"the attempts of report {report.id} do not add up: {report}"
        if report.rescues > MAX_RESCUES or report.failures > REPORT_RETRIES + 1:
            yield f"report {report.id} was tried too often: {report}"
    for delivery in mails(snapshot):
        if delivery.failures > DELIVERY_RETRIES + 1 or delivery.attempt > delivery.failures + 1:
            yield f"delivery {delivery.id} was tried too often: {delivery}"


def files_are_whole(snapshot: Snapshot) -> Iterator[str]:
    """A report that succeeded has one stored file for each format, as its row tells; others have none."""
    formats = {planned.schedule: sorted(planned.formats) for planned in snapshot.plan}
    files = defaultdict(list)
    for file in snapshot.files:
        files[file.report].append(file)
    for report in snapshot.reports:
        mine = files.pop(report.id, [])
        wanted = formats.get(report.schedule, []) if report.status == "succeeded" else []
        if sorted(file.format for file in mine) != wanted:
            yield f"report {report.id} ({report.status}) has files {mine}, wanted are {wanted}"
        if report.status == "succeeded" and report.size != sum(file.size for file in mine):
            yield f"report {report.id} says {report.size} bytes, its files have {sum(file.size for file in mine)}"
    for file in snapshot.files:
        if snapshot.stored.get(file.key) != (file.size, file.sha256):
            yield f"the stored file {file.key} is {snapshot.stored.get(file.key)}, its row says {file}"
    yield from (f"files {left} belong to no report" for left in files.values())


def each_target_has_one_delivery(snapshot: Snapshot) -> Iterator[str]:
    recipients = {planned.schedule: sorted(planned.recipients) for planned in snapshot.plan}
    targets = defaultdict(list)
    for delivery in mails(snapshot):
        if delivery.event == SUCCEEDED_EVENT:
            targets[delivery.report].append(delivery.target)
        if delivery.status not in FINAL_DELIVERIES:
            yield f"delivery {delivery.id} ended as {delivery.status}: {delivery}"
    for report in snapshot.reports:
        wanted = recipients.get(report.schedule, []) if report.status == "succeeded" else []
        if sorted(targets[report.id]) != wanted:
            yield f"report {report.id} ({report.status}) is delivered to {targets[report.id]}, wanted are {wanted}"


def mails_match_deliveries(snapshot: Snapshot) -> Iterator[str]:
    """``sent`` is one mail, ``unknown`` one or none, anything else none; and no mail comes from nowhere."""
    received = Counter((mail.delivery, mail.recipient) for mail in snapshot.mails)
    for delivery in mails(snapshot):
        number = received.pop((delivery.id, delivery.target), 0)
        if number not in _mails_allowed(delivery):
            yield f"{number} mails were received of delivery {delivery.id}: {delivery}"
    for (delivery_id, recipient), number in received.items():
        yield f"{number} mails to {recipient} with the Message-ID of {delivery_id!r} belong to no delivery"


def _mails_allowed(delivery: Delivery) -> set[int]:
    return {"sent": {1}, "unknown": {0, 1}}.get(delivery.status, {0})


def record_tells_the_same(snapshot: Snapshot) -> Iterator[str]:
    """The audit trail has each creation, claim and end exactly once, and each rescue."""
    events = Counter((event.object, event.verb) for event in snapshot.audit)
    for report in snapshot.reports:
        wanted = {"report.pending": 1, "report.running": report.attempt, "report.rescued": report.rescues}
        wanted |= {f"report.{status}": int(status == report.status) for status in FINAL_REPORTS}
        yield from _differences(events, report.id, wanted)
    for delivery in snapshot.deliveries:
        wanted = {"delivery.sending": delivery.attempt}
        wanted |= {f"delivery.{status}": int(status == delivery.status) for status in FINAL_DELIVERIES}
        if delivery.status == "sent":  # a worker that was thought lost may have settled it
            wanted["delivery.unknown"] = min(1, events[delivery.id, "delivery.unknown"])
        yield from _differences(events, delivery.id, wanted)


def _differences(events: Counter[tuple[str, str]], subject: str, wanted: dict[str, int]) -> Iterator[str]:
    for verb, number in wanted.items():
        if events[subject, verb] != number:
            yield f"the record has {events[subject, verb]} × {verb} of {subject}, wanted are {number}"


def schedules_stop_only_for_failures(snapshot: Snapshot) -> Iterator[str]:
    """A schedule is errored once, with one notice, after three failed reports; all others stay active."""
    failed = Counter(report.schedule for report in snapshot.reports if report.status == "failed")
    events = Counter(event.object for event in snapshot.audit if event.verb == "schedule.errored")
    schedule_of = {report.id: report.schedule for report in snapshot.reports}
    notices = Counter(
        schedule_of.get(delivery.report) for delivery in mails(snapshot) if delivery.event == ERRORED_EVENT
    )
    always_failing = {planned.schedule for planned in snapshot.plan if planned.report_type == "failing"}
    for schedule in snapshot.schedules:
        errored = schedule.state == "errored"
        if schedule.state not in {"active", "errored"} or (schedule.id in always_failing and not errored):
            yield f"schedule {schedule.id} is {schedule.state}: {schedule.state_reason}"
        if errored and failed[schedule.id] < MAX_CONSECUTIVE_FAILURES:
            yield f"schedule {schedule.id} was stopped after {failed[schedule.id]} failures: {schedule.state_reason}"
        if events[schedule.id] != errored or notices[schedule.id] != errored:
            yield (
                f"schedule {schedule.id} is {schedule.state}, was stopped {events[schedule.id]} times, "
                f"and {notices[schedule.id]} notices tell of it"
            )


def poison_runs_at_most_four_times(snapshot: Snapshot) -> Iterator[str]:
    for report in snapshot.reports:
        if report.report_type in POISONS and (report.status, report.error_code) != ("failed", "worker_lost"):
            yield f"poison report {report.id} ended as {report.status} ({report.error_code})"
    for report_type, times in snapshot.poisoned.items():
        if times > 1 + MAX_RESCUES:
            yield f"the poison report {report_type} ran {times} times"
    for report_type in {report.report_type for report in snapshot.reports} & POISONS:
        if not snapshot.poisoned.get(report_type):
            yield f"the poison report {report_type} never ran"


def nothing_is_stored_without_a_row(snapshot: Snapshot) -> Iterator[str]:
    """Only after the purge: the storage holds what rows tell of, and nothing else."""
    for key in snapshot.stored.keys() - {file.key for file in snapshot.files}:
        yield f"the file {key} is an orphan"


AFTER_THE_RUN: tuple[Invariant, ...] = (
    each_slot_has_one_finished_report,
    failed_reports_have_a_cause,
    attempts_add_up,
    files_are_whole,
    each_target_has_one_delivery,
    mails_match_deliveries,
    record_tells_the_same,
    schedules_stop_only_for_failures,
    poison_runs_at_most_four_times,
    each_event_is_sent_to_its_endpoint_once,
    what_was_told_is_what_was_sent,
    nothing_is_told_after_the_end,
    endpoints_stay_active,
)


def breaches(snapshot: Snapshot, *invariants: Invariant) -> list[str]:
    """Return a line for each breach of an invariant; of all after a run, when none is named."""
    return [
        f"{invariant.__name__}: {breach}" for invariant in invariants or AFTER_THE_RUN for breach in invariant(snapshot)
    ]
