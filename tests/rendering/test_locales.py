from __future__ import annotations

import pytest

from django_report_scheduling.rendering.locales import (
    language_tag,
    parse_locale,
    translation_language,
    writing_direction,
)


@pytest.mark.parametrize(
    ("name", "tag", "direction", "language"),
    [
        ("en", "en", "ltr", "en"),
        ("de-CH", "de-CH", "ltr", "de-ch"),
        ("de_CH", "de-CH", "ltr", "de-ch"),
        ("ar", "ar", "rtl", "ar"),
        ("he-IL", "he-IL", "rtl", "he-il"),
        ("zh-Hant-TW", "zh-Hant-TW", "ltr", "zh-hant-tw"),
        ("de-XYZ9", "de", "ltr", "de-xyz9"),
        ("nonsense", "en", "ltr", "en"),
        ("", "en", "ltr", "en"),
    ],
)
def test_locales(name: str, tag: str, direction: str, language: str) -> None:
    assert language_tag(name) == tag
    assert writing_direction(name) == direction
    assert translation_language(name) == language


def test_a_locale_is_parsed_once() -> None:
    assert parse_locale("fr") is parse_locale("fr")
