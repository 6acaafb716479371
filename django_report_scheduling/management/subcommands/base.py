"""What a subcommand is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from argparse import ArgumentParser
from typing import Any, ClassVar

from django.core.management.base import BaseCommand

from django_report_scheduling.management.progress import Progress


class Subcommand(ABC):
    """One subcommand, for one run.

    :param command: the command that it belongs to; carries the output streams and their style.
    """

    help: ClassVar[str]
    """What does it do?"""

    checks_itself: ClassVar[bool] = False
    """Does it show what the system checks say by itself, so that they must not keep it from running?"""

    def __init__(self, command: BaseCommand) -> None:
        self.stdout = command.stdout
        self.stderr = command.stderr
        self.style = command.style
        self.progress = Progress(command.stderr)

    @classmethod
    @abstractmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        """Declare the arguments."""

    @abstractmethod
    def run(self, **options: Any) -> None:
        """Do it.

        :raises CommandError: with what is wrong and what to do.
        """
