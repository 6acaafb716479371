"""Which queue each task goes to."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, Final

from django.core.checks import CheckMessage, Error

from django_report_scheduling.checks.configured import named, shown
from django_report_scheduling.checks.value_rules import is_sound
from django_report_scheduling.conf import conf
from django_report_scheduling.tasks import names

TASK_NAMES: Final = frozenset(value for name, value in vars(names).items() if name.isupper())
"""The names of all our tasks."""


def check_queues(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E008: a queue is given for a task that does not exist."""
    if not is_sound("QUEUES"):
        return []
    return [
        Error(
            f"{named('QUEUES')} names the task {shown(name)}, which does not exist.",
            hint=_hint(name),
            id="report_scheduling.E008",
        )
        for name in conf.QUEUES
        if name not in TASK_NAMES
    ]


def _hint(name: str) -> str:
    close = difflib.get_close_matches(name, TASK_NAMES, n=1, cutoff=0.5)
    if close:
        return f'Did you mean "{close[0]}"?'
    return f"Tasks are: {', '.join(sorted(TASK_NAMES))}."
