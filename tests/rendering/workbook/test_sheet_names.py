from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_report_scheduling.rendering.workbook.sheet_names import SheetNames


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Pages", "Pages"),
        ("Pages / hour [all]: *?\\", "Pages hour all"),
        ("'quoted'", "quoted"),
        ("History", "History –"),
        ("", "–"),
        ("x" * 40, "x" * 31),
        ("🌸" * 20, "🌸" * 15),
        ("a\x00b", "a\ufffdb"),
    ],
)
def test_names(wanted: str, name: str) -> None:
    assert SheetNames().unique(wanted) == name


def test_duplicates_are_numbered_whatever_their_case() -> None:
    names = SheetNames()
    assert [names.unique("Pages"), names.unique("PAGES"), names.unique("pages")] == ["Pages", "PAGES (2)", "pages (3)"]


@given(st.lists(st.text(), max_size=20))
def test_always_allowed_and_unique(wanted: list[str]) -> None:
    names = SheetNames()
    given_names = [names.unique(name) for name in wanted]
    assert len({name.lower() for name in given_names}) == len(wanted)
    for name in given_names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name[0] != "'" != name[-1]
