from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.contrib.web_analytics.importing.dimensions import BoundedMemo
from django_report_scheduling.contrib.web_analytics.importing.repetitions import Repetitions


@given(st.lists(st.integers(0, 5), max_size=50))
def test_counts_how_often_each_came_before(fingerprints: list[int]) -> None:
    repetitions = Repetitions()

    counts = [repetitions.count(fingerprint) for fingerprint in fingerprints]

    assert counts == [fingerprints[:place].count(value) for place, value in enumerate(fingerprints)]


@given(st.lists(st.integers(0, 50), max_size=200), st.integers(1, 10))
def test_remembers_at_least_as_many_as_asked_and_at_most_twice_that(fingerprints: list[int], remembered: int) -> None:
    repetitions = Repetitions(remembered)

    for place, fingerprint in enumerate(fingerprints):
        recent = fingerprints[max(0, place - remembered) : place]
        count = repetitions.count(fingerprint)
        assert count >= recent.count(fingerprint)
        assert len(repetitions._young) + len(repetitions._old) <= 2 * remembered


def test_a_memo_forgets_everything_when_it_is_full() -> None:
    asked = []
    memo = BoundedMemo(lambda key: asked.append(key) or key, limit=2)

    assert [memo["a"], memo["b"], memo["a"], memo["c"], memo["a"]] == ["a", "b", "a", "c", "a"]
    assert asked == ["a", "b", "c", "a"]
    assert len(memo) == 2
