from __future__ import annotations

import pytest

from django_report_scheduling.rendering.text import encodable, printable, shortened, single_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Überblick 日本 🌸", "Überblick 日本 🌸"),
        ("a\x00b\x07c", "a\ufffdb\ufffdc"),
        ("tab\tline\nreturn\r", "tab\tline\nreturn\r"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("left-to-right \u200e mark", "left-to-right \u200e mark"),
    ],
)
def test_what_a_page_shows(text: str, expected: str) -> None:
    assert printable(text) == expected


@pytest.mark.parametrize("text", ["plain", "Ü", "\udfff", "a\ud83d"])
def test_everything_becomes_encodable(text: str) -> None:
    assert "\ufffd" in encodable(text).encode().decode() or encodable(text) == text


def test_what_ends_lines_becomes_a_space() -> None:
    assert single_line(" a\r\nb\x0bc\u2028d\t e ") == "a b\ufffdc d e"


def test_a_cut_is_shown() -> None:
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abc defg", 5) == "abc…"
