"""The long run, by name: ``python -m tests.chaos.long_run [--broker redis|rabbitmq] [--reports N] [--seed N]``.

The same load twice: once in peace, once under all faults, each on servers of its own. Prints what was done and what
came of it, and fails if any promise was broken or the faults cost more than three times the time.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections import Counter

from tests.chaos.arena import RABBITMQ, REDIS, Outcome, Size, arena
from tests.chaos.attack import LONG, PEACE, Attack
from tests.chaos.verdict import verdict

SLOWEST = 3.0
"""How many times as long as in peace the run may take."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--broker", choices=(REDIS, RABBITMQ), action="append", help="default: both")
    parser.add_argument("--reports", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    size = Size(reports=options.reports, spread=30, concurrency=4, patience=1500)
    broken = [
        breach for broker in options.broker or (REDIS, RABBITMQ) for breach in _both(broker, size, seed=options.seed)
    ]
    sys.exit(bool(broken))


def _both(broker: str, size: Size, *, seed: int) -> list[str]:
    peace = _run(broker, size, dataclasses.replace(PEACE, seed=seed), "in peace")
    chaos = _run(broker, size, dataclasses.replace(LONG, seed=seed), "under attack")
    ratio = chaos.seconds / peace.seconds
    broken = [*verdict(peace), *verdict(chaos)]
    if ratio > SLOWEST:
        broken.append(f"the attack made it {ratio:.2f} times slower, allowed are {SLOWEST}")
    _tell(f"\n{broker}, seed {seed}")
    for name, value in _summary(peace, chaos, ratio):
        _tell(f"  {name:<40} {value}")
    _tell("\n".join(broken) if broken else "  every promise was kept")
    if broken:
        _tell(chaos.logs)
    return broken


def _run(broker: str, size: Size, attack: Attack, how: str) -> Outcome:
    with arena(broker) as place:
        return place.run(size, attack, tell=lambda text: _tell(f"{broker} {how}: {text}"))


def _summary(peace: Outcome, chaos: Outcome, ratio: float) -> list[tuple[str, object]]:
    after = chaos.after_run
    return [
        ("reports", len(after.reports)),
        *((f"reports {status}", number) for status, number in sorted(_count(after.reports).items())),
        ("reports rescued", sum(report.rescues for report in after.reports)),
        ("reports tried again after an error", sum(report.failures for report in after.reports)),
        ("files", len(after.files)),
        *((f"deliveries {status}", number) for status, number in sorted(_count(after.deliveries).items())),
        ("mails received", len(after.mails)),
        ("files that nobody owned, before the purge", len(after.stored) - len(after.files)),
        *sorted((blow, number) for blow, number in chaos.done.items() if blow not in chaos.obeyed),
        *sorted(chaos.obeyed.items()),
        ("processes that died by themselves", Counter(chaos.own_deaths) or "none"),
        ("seconds in peace", f"{peace.seconds:.0f}"),
        ("seconds under attack", f"{chaos.seconds:.0f}"),
        ("ratio", f"{ratio:.2f}"),
    ]


def _count(rows: object) -> Counter[str]:
    return Counter(row.status for row in rows)  # type: ignore[attr-defined]


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
