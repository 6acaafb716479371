from __future__ import annotations

import pytest

from django_report_scheduling.contrib.web_analytics.access_log.size import read_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (b"-", 0),
        (b"0", 0),
        (b"7", 7),
        (b"%d" % (2**50 - 1), 2**50 - 1),
        (b"%d" % 2**50, None),
        (b"%d" % (2**63 - 1), None),
        (b"9" * 5000, None),
    ],
)
def test_a_size_is_read_when_an_answer_can_be_that_long(text: bytes, size: int | None) -> None:
    assert read_size(text) == size
