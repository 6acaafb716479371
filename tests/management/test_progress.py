"""Progress is for terminals."""

from __future__ import annotations

import io

from django.core.management.base import OutputWrapper

from django_report_scheduling.management.progress import Progress
from tests.management.conftest import Terminal


def test_a_terminal_sees_one_line_that_is_wiped_at_the_end():
    stream = Terminal()
    with Progress(OutputWrapper(stream)) as progress:
        progress.show("100 done")
        progress.show("5 left")
    assert stream.getvalue() == "\r100 done\r5 left  \r      \r"


def test_a_file_sees_nothing():
    stream = io.StringIO()
    with Progress(OutputWrapper(stream)) as progress:
        progress.show("100 done")
    assert stream.getvalue() == ""
