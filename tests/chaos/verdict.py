"""Whether a run kept every promise, and the purge with it."""

from __future__ import annotations

from tests.chaos.arena import Outcome
from tests.chaos.invariants import breaches, nothing_is_stored_without_a_row


def verdict(outcome: Outcome) -> list[str]:
    """Return a line for each broken promise."""
    found = breaches(outcome.after_run)
    found += breaches(outcome.after_sweep, nothing_is_stored_without_a_row)
    if len(outcome.after_sweep.files) != len(outcome.after_run.files):
        found.append("the purge took files before their time")
    left = outcome.after_purge
    if left.reports or left.files or left.deliveries or left.stored:
        found.append(f"the purge left {len(left.reports)} reports and the files {sorted(left.stored)[:10]}")
    # They say that they outlive a database and a broker that go away.
    found += [f"died although nobody killed it: {death}" for death in outcome.own_deaths if "ticker" in death]
    return found
