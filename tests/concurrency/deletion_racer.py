"""A worker that stops at a point and waits: ``python -m tests.concurrency.deletion_racer VERB ID POINT``.

It says the name of the point when it gets there, goes on when it reads a line, and says at last what came of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import django


def hold(point: str) -> None:
    answer(point)
    sys.stdin.readline()


def held_after(work: Callable[..., Any], point: str) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **named: Any) -> Any:
        result = work(*arguments, **named)
        hold(point)
        return result

    return wrapped


def generate(report_id: str, point: str) -> str:
    from django_report_scheduling.services import generation
    from tests.factories import NOW

    step = {"queried": "build_document", "stored": "store"}[point]
    with mock.patch.object(generation, step, held_after(getattr(generation, step), point)):
        return str(generation.generate_report(report_id=report_id, attempt=0, clock=lambda: NOW))


def deliver(delivery_id: str, point: str) -> str:
    from django_report_scheduling.delivery.email import EmailChannel
    from django_report_scheduling.services import delivering
    from tests.factories import NOW

    with mock.patch.object(EmailChannel, "build", held_after(EmailChannel.build, point)):
        return str(delivering.deliver(delivery_id=delivery_id, attempt=0, clock=lambda: NOW))


def answer(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    django.setup()
    from django_report_scheduling.reports import register
    from tests.sample_report import SampleReport

    register(SampleReport)
    verb, row, point = sys.argv[1:]
    answer({"generate": generate, "deliver": deliver}[verb](row, point))


if __name__ == "__main__":
    main()
