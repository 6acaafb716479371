"""The HTTP library's log, which would tell of customers' hosts."""

from __future__ import annotations

import logging
import threading

import pytest

from django_report_scheduling.delivery.webhook.quiet import quiet

LOGGERS = ["httpcore2.connection", "httpcore2.http11"]


@pytest.mark.parametrize("name", LOGGERS)
def test_attack_044_nothing_is_logged_inside(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with quiet():
        logging.getLogger(name).warning("canary")
    assert caplog.records == []


def test_what_others_do_with_the_library_is_logged_as_ever(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def elsewhere() -> None:
        logging.getLogger(LOGGERS[0]).debug("from another thread")

    with quiet():
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    logging.getLogger(LOGGERS[0]).debug("afterwards")
    assert caplog.messages == ["from another thread", "afterwards"]


def test_the_filter_is_added_once() -> None:
    for _ in range(3):
        with quiet():
            pass
    assert len(logging.getLogger(LOGGERS[0]).filters) == 1
