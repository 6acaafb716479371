"""The registry: one class for each key, refusals that say what to do, and a way back after a test."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.utils.translation import gettext_lazy

from django_report_scheduling.exceptions import DuplicateReportType, UnknownReportType
from django_report_scheduling.reports import Parameters, Report, ReportContent, ReportRegistry, ReportRequest, parameter
from tests.sample_report import SampleReport


def report_type(key: Any, **attributes: Any) -> type[Report[Any]]:
    def query(self: Report[Any], request: ReportRequest[Any]) -> ReportContent:
        return ReportContent(metrics={})

    return type("Made", (Report,), {"key": key, "title": f"Report {key}", "query": query, **attributes})


@pytest.fixture
def registry() -> ReportRegistry:
    return ReportRegistry()


def test_a_registered_type_is_found_under_its_key(registry: ReportRegistry) -> None:
    made = registry.register(report_type("sales"))

    assert type(registry.get("sales")) is made
    assert "sales" in registry
    assert registry.title("sales") == "Report sales"


def test_a_type_finds_nothing_wrong_with_itself_unless_it_says_so(registry: ReportRegistry) -> None:
    registry.register(SampleReport)

    assert registry.get("sample").check() == []


def test_registering_works_as_a_decorator(registry: ReportRegistry) -> None:
    assert registry.register(SampleReport) is SampleReport


def test_types_come_in_the_order_of_their_keys(registry: ReportRegistry) -> None:
    for key in ("b", "c", "a"):
        registry.register(report_type(key))

    assert [report.key for report in registry] == ["a", "b", "c"]
    assert len(registry) == 3


def test_the_same_class_may_be_registered_twice(registry: ReportRegistry) -> None:
    registry.register(SampleReport)
    registry.register(SampleReport)

    assert len(registry) == 1


def test_another_class_of_the_same_key_is_refused_with_both_names(registry: ReportRegistry) -> None:
    registry.register(SampleReport)

    with pytest.raises(
        DuplicateReportType, match=r"'sample' belongs to tests\.sample_report\.SampleReport; give .*Made"
    ):
        registry.register(report_type("sample"))
    assert type(registry.get("sample")) is SampleReport


@pytest.mark.parametrize("key", ["", "Sales", "1st", "a-b", "a b", "a" * 65, "sales\n", "größe", None, 5])
def test_a_malformed_key_is_refused(key: Any, registry: ReportRegistry) -> None:
    with pytest.raises(ValueError, match=r"Made\.key must match .* got " + re.escape(repr(key))):
        registry.register(report_type(key))


def test_a_missing_key_is_refused(registry: ReportRegistry) -> None:
    class Nameless(Report[Parameters]):
        title = "No key"

        def query(self, request: ReportRequest[Parameters]) -> ReportContent:
            raise AssertionError

    with pytest.raises(ValueError, match=r"Nameless\.key must match"):
        registry.register(Nameless)


def test_a_missing_title_is_refused(registry: ReportRegistry) -> None:
    class Untitled(Report[Parameters]):
        key = "untitled"

        def query(self, request: ReportRequest[Parameters]) -> ReportContent:
            raise AssertionError

    with pytest.raises(ValueError, match=r"Untitled\.title is missing"):
        registry.register(Untitled)


def test_a_class_without_a_query_is_refused(registry: ReportRegistry) -> None:
    class Silent(Report[Parameters]):
        key = "silent"
        title = "Silent"

    with pytest.raises(TypeError, match=r"Silent.*query"):
        registry.register(Silent)
    assert "silent" not in registry


def test_badly_declared_parameters_are_told_at_registration(registry: ReportRegistry) -> None:
    class Undecorated(Parameters):
        rows: int = parameter(forms.IntegerField(), default=1)

    with pytest.raises(TypeError, match="Undecorated must be decorated"):
        registry.register(report_type("sales", parameters=Undecorated))


def test_a_translated_title_is_not_translated_before_it_is_asked_for(registry: ReportRegistry) -> None:
    @dataclass
    class Trap:
        def __str__(self) -> str:
            raise AssertionError

    registry.register(report_type("sales", title=Trap()))
    registry.register(report_type("weekdays", title=gettext_lazy("Monday")))

    assert registry.title("weekdays") == "Monday"


@pytest.mark.parametrize("key", ["nothing", "", None, [], {}, 5])
def test_an_unknown_key_is_told_those_there_are_and_where_to_look(key: Any, registry: ReportRegistry) -> None:
    registry.register(SampleReport)

    with pytest.raises(UnknownReportType, match=r"registered are: sample\. Is its app in INSTALLED_APPS.*reports\.py"):
        registry.get(key)


def test_an_unknown_key_is_not_quoted_at_any_length(registry: ReportRegistry) -> None:
    with pytest.raises(UnknownReportType, match="registered are: none") as caught:
        registry.get("x" * 10_000)

    assert len(str(caught.value)) < 400


def test_the_title_of_a_type_that_is_gone_is_its_key(registry: ReportRegistry) -> None:
    assert registry.title("gone") == "gone"


def test_types_can_be_added_for_a_while(registry: ReportRegistry) -> None:
    registry.register(report_type("sales"))

    with registry.temporarily(SampleReport):
        assert len(registry) == 2

    assert [report.key for report in registry] == ["sales"]


def test_the_registry_is_as_before_also_after_an_exception(registry: ReportRegistry) -> None:
    def fail() -> None:
        with registry.temporarily(SampleReport):
            registry.register(report_type("inside"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert len(registry) == 0


def test_the_registry_is_as_before_also_after_a_refusal(registry: ReportRegistry) -> None:
    with pytest.raises(DuplicateReportType), registry.temporarily(SampleReport, report_type("sample")):
        raise AssertionError

    assert len(registry) == 0
