"""The base of every probe."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import ClassVar

from django.core.checks import ERROR, CheckMessage

from django_report_scheduling.observability.doctor.finding import Finding, Status


class Probe(ABC):
    """Tries one part for real and says what it saw.

    A probe may raise: :func:`~django_report_scheduling.observability.doctor.examination.examine` makes a failure of
    it. What may hang, it calls through :func:`~django_report_scheduling.observability.doctor.time_limit.within`.
    """

    part: ClassVar[str]
    """What is it called in the output?"""

    requires: ClassVar[tuple[str, ...]] = ()
    """Which parts must not have failed, because this one could not be tried without them?"""

    fix: ClassVar[str] = "The message is that of the library concerned; its documentation says more."
    """What to do when the probe itself raises?"""

    @abstractmethod
    def run(self) -> Iterable[Finding]:
        """Try the part; yield at least one finding."""

    def ok(self, message: str) -> Finding:
        """Say that it works."""
        return Finding(status=Status.OK, part=self.part, message=message)

    def warn(self, message: str, *, fix: str) -> Finding:
        """Say what is not as it should be in production."""
        return Finding(status=Status.WARN, part=self.part, message=message, fix=fix)

    def fail(self, message: str, *, fix: str) -> Finding:
        """Say what does not work."""
        return Finding(status=Status.FAIL, part=self.part, message=message, fix=fix)

    def skip(self, message: str) -> Finding:
        """Say why it was not tried."""
        return Finding(status=Status.SKIP, part=self.part, message=message)

    def from_checks(self, messages: Iterable[CheckMessage]) -> Iterator[Finding]:
        """Turn messages of Django's system checks into findings."""
        for message in messages:
            text = f"{message.msg} ({message.id})" if message.id else str(message.msg)
            kind = self.fail if message.level >= ERROR else self.warn
            yield kind(text, fix=message.hint or self.fix)
