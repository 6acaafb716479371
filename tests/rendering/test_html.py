from __future__ import annotations

from html.parser import HTMLParser

import pytest

from django_report_scheduling.rendering.html import HtmlRenderer
from tests.rendering.samples import document, png, rendered, table, weekly_report


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


def html(**overrides: object) -> str:
    return rendered(HtmlRenderer(), weekly_report(**overrides)).decode()


def test_the_file_needs_nothing_else() -> None:
    page = html(logo=png())
    tags = Tags(page)
    (policy,) = [meta for meta in tags.named("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy["content"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    )
    assert not tags.named("script")
    assert not tags.named("link")
    assert all((image["src"] or "").startswith("data:image/png;base64,") for image in tags.named("img"))
    assert "@import" not in page
    assert "url(" not in page


def test_language_direction_and_headings() -> None:
    tags = Tags(html(locale="ar"))
    assert tags.named("html")[0]["lang"] == "ar"
    assert tags.named("html")[0]["dir"] == "rtl"
    levels = [tag for tag, _ in tags.found if tag in {"h1", "h2", "h3"}]
    assert levels[0] == "h1"
    assert set(levels[1:]) == {"h2"}
    assert all(head["scope"] == "col" for head in tags.named("th"))


def test_a_preview_is_marked() -> None:
    assert "Not sent to any recipient." in html(preview=True)
    assert "Not sent to any recipient." not in html()


def test_nothing_is_needed() -> None:
    assert HtmlRenderer().check() == []


def test_without_content() -> None:
    assert "This report has no content." in rendered(HtmlRenderer(), document()).decode()


def test_a_wide_table_at_the_start_turns_the_first_page() -> None:
    page = rendered(HtmlRenderer(), document(table(2, 40))).decode()
    assert '<header class="masthead wide">' in page


@pytest.mark.parametrize("value", ["red;}</style><script>", "url(https://evil.example/)", "#abc"])
def test_attack_072_no_value_of_an_account_gets_into_the_style(value: str) -> None:
    page = html(accent_color=value)
    assert value not in page
    assert "--accent:#1f4e8c" in page


def test_attack_073_and_075_markup_and_template_code_are_text() -> None:
    name = '<script>alert(1)</script>{{ 7*7 }}{% include "/etc/passwd" %}'
    page = html(name=name, title=name)
    assert not Tags(page).named("script")
    assert "{{ 7*7 }}" in page
    assert "root:" not in page


def test_lone_surrogates_cannot_break_the_file() -> None:
    assert "\ufffd" in html(name="half \ud83d")
