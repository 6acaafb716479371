from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering import Document
from django_report_scheduling.rendering.layout import page_html
from django_report_scheduling.reports import Unit
from tests.rendering.samples import document, weekly_report

DJANGO = "django.template.backends.django.DjangoTemplates"


@pytest.fixture
def own_template(tmp_path: Path) -> Any:
    def render(source: str, report: Document | None = None, **options: Any) -> str:
        (tmp_path / "own.html").write_text(source)
        engines = [{"BACKEND": DJANGO, "DIRS": [tmp_path], "APP_DIRS": True, "OPTIONS": options}]
        with override_settings(TEMPLATES=engines):
            return page_html(report or weekly_report(template="own.html"))

    return render


def test_values_are_formatted_for_the_account(own_template: Any) -> None:
    source = (
        "{% load report_scheduling_rendering %}"
        "{{ metrics.hits|as_number }} {{ metrics.ratio|as_percent }} {{ metrics.bytes|as_bytes }} "
        "{{ metrics.time|as_duration }} {{ generated_at|as_date }} [{{ metrics.unknown|as_number }}]"
    )
    report = document(
        template="own.html",
        locale="de-CH",
        number_format="de-CH",
        metrics={"hits": 10000, "ratio": 0.125, "bytes": 1500, "time": 75},
    )
    text = own_template(source, report).replace("\u00a0", " ").replace("\u202f", " ")
    assert text == "10’000 12.5% 1.5 kB 1 Min. 15 Sek. 25. Mai 2015, 08:00 []"


def test_a_template_may_extend_the_built_in_one(own_template: Any) -> None:
    source = (
        '{% extends "report_scheduling/rendering/document.html" %}'
        "{% block content %}{% include charts.daily.template with block=charts.daily %}{% endblock %}"
    )
    html = own_template(source, weekly_report(template="own.html", context={}))
    assert "<svg" in html
    assert "Top pages" not in html
    assert "<h1>Performance summary</h1>" in html


def test_context_of_the_report_type_is_there_but_does_not_win(own_template: Any) -> None:
    report = document(template="own.html", context={"greeting": "<b>Hi</b>", "title": "hijacked"})
    assert own_template("{{ greeting }} {{ title }}", report) == "&lt;b&gt;Hi&lt;/b&gt; Performance summary"


def test_attack_075_autoescape_is_on_even_where_the_host_has_it_off(own_template: Any) -> None:
    report = document(template="own.html", name="<script>{{ 7*7 }}</script>")
    assert own_template("{{ account.name }}", report, autoescape=False) == "&lt;script&gt;{{ 7*7 }}&lt;/script&gt;"


def test_other_template_engines_work_too(tmp_path: Path) -> None:
    class Echo:
        def render(self, context: dict[str, Any]) -> str:
            return str(context["title"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django_report_scheduling.rendering.layout.templates.get_template", lambda _name: Echo())
        assert page_html(document(template="own.jinja")) == "Performance summary"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("one\n{% nonsense %}", r"'own.html', line 2: TemplateSyntaxError: Invalid block tag"),
        ("one\n\n{{ title|nonsense }}", r"'own.html', line 3: TemplateSyntaxError: Invalid filter"),
        ("one\n{% widthratio 1 0 x %}{% include 5 %}", r"'own.html', line 2: "),
        ("a\nb\nc\n{% regroup blocks by 5 as %}", r"'own.html', line 4: TemplateSyntaxError"),
        ("{% if title %}", r"'own.html', line 1: TemplateSyntaxError: Unclosed tag"),
    ],
)
def test_errors_name_the_template_and_the_line(own_template: Any, source: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RenderError, match=message) as caught:
        own_template(source)
    assert str(tmp_path) not in str(caught.value)


def test_errors_while_rendering_name_the_innermost_line(own_template: Any) -> None:
    def fail() -> None:
        msg = "no such thing"
        raise LookupError(msg)

    report = document(template="own.html", context={"fail": fail})
    with pytest.raises(RenderError, match=r"'own.html', line 3: LookupError: no such thing"):
        own_template("{% if title %}\n\n{{ fail }}{% endif %}", report)


def test_a_missing_template_is_named() -> None:
    with pytest.raises(RenderError, match=r"'gone.html' does not exist .*tried: .*gone.html"):
        page_html(document(template="gone.html"))
    with override_settings(TEMPLATES=[]), pytest.raises(RenderError, match="tried: no folder"):
        page_html(document(template="gone.html"))


def test_a_missing_included_template_is_named(own_template: Any) -> None:
    with pytest.raises(RenderError, match=r"'inner.html' does not exist \(asked for by 'own.html'\)"):
        own_template('{% include "inner.html" %}')


def test_units_without_a_format_of_their_own_are_text() -> None:
    assert {unit.value for unit in Unit} == {"number", "percent", "bytes", "seconds", "text", "date", "datetime"}
