"""Running probes, one after the other, whatever they do."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from django_report_scheduling.observability.doctor.finding import Finding, Status
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.redaction import redacted


def examine(probes: Iterable[Probe]) -> Iterator[Finding]:
    """Yield the findings of each probe as soon as they are there; no probe keeps the next one from running."""
    failed: set[str] = set()
    for probe in probes:
        missing = [part for part in probe.requires if part in failed]
        if missing:
            failed.add(probe.part)
            yield probe.skip(f"Not tried, because of: {', '.join(missing)}.")
            continue
        for finding in _findings(probe):
            if finding.status == Status.FAIL:
                failed.add(probe.part)
            yield dataclasses.replace(finding, message=redacted(finding.message), fix=redacted(finding.fix))


def _findings(probe: Probe) -> Iterator[Finding]:
    try:
        yield from probe.run()
    except Exception as error:  # noqa: BLE001  # a probe of anything may raise anything; that is its finding
        text = " ".join(str(error).split())
        yield probe.fail(f"{type(error).__name__}: {text}" if text else type(error).__name__, fix=probe.fix)
