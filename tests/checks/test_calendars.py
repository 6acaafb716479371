"""A number of calendar feeds without the library: said at start-up."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.extras import needs_calendar

FEEDS = {"MAX_CALENDAR_FEEDS_PER_USER": 5}


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)


def messages(checked: Any, ours: Any) -> list[Any]:
    return [message for message in checked(ours) if message.id == "report_scheduling.W009"]


@pytest.mark.usefixtures("no_library")
def test_a_project_that_means_to_have_feeds_is_told_the_command_to_run(checked: Any) -> None:
    (message,) = messages(checked, FEEDS)

    assert "icalendar" in message.msg
    assert "pip install 'django-report-scheduling[calendar]'" in message.hint


@pytest.mark.usefixtures("no_library")
@pytest.mark.parametrize("ours", [None, {}, 7])
def test_any_other_hears_nothing_of_it(checked: Any, ours: Any) -> None:
    assert messages(checked, ours) == []


@needs_calendar
def test_with_the_extra_there_is_nothing_to_say(checked: Any) -> None:
    assert messages(checked, FEEDS) == []
