"""Everything that is wrong with a schedule is told at once, by field, and nothing is stored."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from django_report_scheduling.exceptions import RecipientRefused, ValidationFailed
from django_report_scheduling.models import AuditEvent, ReportSchedule
from django_report_scheduling.services.schedule_validation import clean_schedule
from django_report_scheduling.services.schedules import create_schedule
from tests.factories import NOW, AccountFactory, ReportScheduleFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_report")]


def schedule(**changes: Any) -> ReportSchedule:
    account = changes.pop("account", None) or AccountFactory()
    return ReportScheduleFactory.build(account=account, **changes)


def problems(**changes: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationFailed) as caught:
        clean_schedule(schedule(**changes))
    return caught.value.errors


def test_a_good_schedule_passes() -> None:
    clean_schedule(schedule())


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "cannot be blank"),
        ("name", None, "cannot be null"),
        ("name", "x" * 201, "at most 200 characters"),
        ("report_type", "nothing", "No report type is registered under 'nothing'"),
        ("report_type", "", "No report type"),
        ("report_type", None, "No report type"),
        ("report_type", ["sample"], "No report type"),
        ("report_type", "x" * 10_000, "No report type"),
        ("parameters", [], "must be an object, got list"),
        ("parameters", None, "must be an object, got NoneType"),
        ("formats", [], "Name at least one format; there are: pdf"),
        ("formats", None, "Name at least one format"),
        ("formats", "pdf", "Name at least one format"),
        ("formats", {"pdf": 1}, "Name at least one format"),
        ("formats", ["pdf", "docx"], "Unknown format docx; there are: pdf"),
        ("formats", [["pdf"]], "Unknown format ['pdf']"),
        ("formats", [None], "Unknown format None"),
        ("formats", ["x" * 10_000], "Unknown format xxx"),
        ("frequency", "hourly", "is not a valid choice"),
        ("frequency", "", "cannot be blank"),
        ("frequency", None, "cannot be null"),
        ("frequency", ["daily"], "is not a valid choice"),
        ("day_of_week", None, "needs a day of the week"),
        ("day_of_week", 7, "is not a valid choice"),
        ("day_of_week", -1, "is not a valid choice"),
        ("day_of_week", "Monday", "must be an integer"),
        ("day_of_month", 1, "leave it empty"),
        ("day_of_month", "first", "must be an integer"),
        ("time_of_day", None, "cannot be null"),
        ("time_of_day", "8 o'clock", "invalid format"),
        ("time_of_day", "25:00", "invalid time"),
        ("time_of_day", dt.time(8, 0, 0, 5), "too fine"),
        ("time_of_day", dt.time(8, tzinfo=dt.UTC), "time zone of its own"),
        ("timezone", "Europe/Berln", "such as Europe/Berlin"),
        ("timezone", "", "is not a time zone"),
        ("timezone", None, "is not a time zone"),
        ("timezone", ["UTC"], "is not a time zone"),
        ("timezone", "../../etc/passwd", "is not a time zone"),
        ("timezone", "UTC\x00", "is not a time zone"),
        ("timezone", "x" * 10_000, "is not a time zone"),
        ("recurrence", "FREQ=DAILY", "leave it empty"),
        ("recurrence", "x" * 501, "at most 500 characters"),
        ("starts_at", dt.datetime(2026, 1, 1), "no time zone"),  # noqa: DTZ001  # naive on purpose
        ("starts_at", "soon", "invalid format"),
        ("starts_at", None, "cannot be null"),
        ("starts_at", dt.datetime(1, 1, 1, tzinfo=dt.UTC), "outside the years"),
        ("ends_at", dt.datetime(2026, 1, 1), "no time zone"),  # noqa: DTZ001  # naive on purpose
        ("ends_at", "later", "invalid format"),
        ("ends_at", NOW - dt.timedelta(days=365), "must be later than the start"),
        ("recipients", None, "must be a list"),
        ("recipients", "a@customer.example", "must be a list"),
        ("recipients", [5], "Enter a mail address as text."),
        ("recipients", ["nobody"], "“nobody” is not a single mail address"),
        ("recipients", ["a@evil.example"], "a@evil.example may not receive reports of this account"),
        ("misfire_policy", "sometimes", "is not a valid choice"),
        ("misfire_grace", dt.timedelta(seconds=-1), "0 to 366 days"),
        ("misfire_grace", dt.timedelta(days=367), "0 to 366 days"),
        ("misfire_grace", dt.timedelta.max, "0 to 366 days"),
        ("misfire_grace", "long", "invalid format"),
        ("misfire_grace", None, "cannot be null"),
    ],
)
def test_a_bad_field_is_told_under_its_name(field: str, value: Any, message: str) -> None:
    errors = problems(**{field: value})

    assert message in " ".join(errors[field])
    assert set(errors) <= ({field, "day_of_week"} if field == "frequency" else {field})
    assert all(len(text) < 600 for text in errors[field])


def test_a_custom_schedule_without_a_rule_is_told_so() -> None:
    assert list(problems(frequency="custom", day_of_week=None, recurrence="")) == ["recurrence"]


def test_a_rule_that_is_none_is_told_under_its_field() -> None:
    assert list(problems(frequency="custom", day_of_week=None, recurrence="every monday")) == ["recurrence"]


def test_parameters_are_told_by_their_own_names() -> None:
    errors = problems(parameters={"rows": 0, "colour": "red"})

    assert set(errors) == {"parameters.rows", "parameters.colour"}


def test_all_problems_are_told_at_once() -> None:
    errors = problems(
        name="", report_type="nothing", formats=["docx"], timezone="Nowhere", time_of_day="x", starts_at="x",
        day_of_week=9, recipients=["a@evil.example", "b"], misfire_policy="x", misfire_grace="x",
    )  # fmt: skip

    assert set(errors) == {
        "name", "report_type", "formats", "timezone", "time_of_day", "starts_at", "day_of_week", "recipients",
        "misfire_policy", "misfire_grace",
    }  # fmt: skip
    assert len(errors["recipients"]) == 2


def test_a_missing_account_is_told_under_its_field() -> None:
    with pytest.raises(ValidationFailed) as caught:
        clean_schedule(ReportScheduleFactory.build(account=None))

    assert set(caught.value.errors) == {"account"}


def test_an_account_that_does_not_exist_is_told_under_its_field() -> None:
    with pytest.raises(ValidationFailed) as caught:
        clean_schedule(ReportScheduleFactory.build(account=AccountFactory.build()))

    assert set(caught.value.errors) == {"account"}


def test_nothing_is_stored_when_something_is_wrong() -> None:
    with pytest.raises(ValidationFailed):
        create_schedule(account=AccountFactory(), actor=None, now=NOW, name="", frequency="daily")

    assert not ReportSchedule.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    "name", ["a\r\nBcc: b@evil.example", "a\nb", "a\x00b", "a\u2028b", "a\u2029b", "a\x85b", "a\x1b[31mb", "a\tb"]
)
def test_attack_058_a_name_with_line_breaks_or_control_characters_is_refused(name: str) -> None:
    assert problems(name=name) == {"name": ["Line breaks and control characters are not allowed."]}


@pytest.mark.parametrize("name", ["Отчёт 📈", "گزارش\u200cها", "<b>x</b>", "{{ 7*7 }}", "👩\u200d💻"])
def test_any_other_text_is_a_name(name: str) -> None:
    clean_schedule(schedule(name=name))


def test_attack_060_only_recipients_outside_the_policy_have_an_error_of_their_own() -> None:
    with pytest.raises(RecipientRefused):
        clean_schedule(schedule(recipients=["a@evil.example"]))


def test_attack_060_every_refused_recipient_is_named() -> None:
    errors = problems(recipients=["a@customer.example", "b@evil.example", "c@evil.example"])

    assert [text.partition(" ")[0] for text in errors["recipients"]] == ["b@evil.example", "c@evil.example"]


def test_attack_063_fifty_recipients_are_the_most() -> None:
    addresses = [f"user{number}@customer.example" for number in range(51)]
    clean_schedule(schedule(recipients=addresses[:50]))

    assert problems(recipients=addresses) == {"recipients": ["At most 50 recipients, got 51."]}


def test_attack_063_an_address_is_kept_once_whatever_its_case() -> None:
    row = schedule(recipients=["Jane@customer.example", "jane@CUSTOMER.example", " JANE@customer.example "])

    clean_schedule(row)

    assert row.recipients == ["Jane@customer.example"]


def test_attack_063_a_plus_variant_is_an_address_of_its_own() -> None:
    row = schedule(recipients=["jane@customer.example", "jane+b@customer.example"])

    clean_schedule(row)

    assert len(row.recipients) == 2


def test_a_schedule_may_have_no_recipients_yet() -> None:
    clean_schedule(schedule(recipients=[]))


def test_what_is_stored_is_normalised() -> None:
    row = schedule(
        parameters={"rows": "7"}, formats=["json", "csv", "json"], time_of_day="08:15",
        recipients=["a@CUSTOMER.EXAMPLE"],
    )  # fmt: skip

    clean_schedule(row)

    assert row.parameters == {"rows": 7}
    assert row.formats == ["json", "csv"]
    assert row.time_of_day == dt.time(8, 15)
    assert row.recipients == ["a@customer.example"]


def test_what_is_empty_is_stored_as_the_database_wants_it() -> None:
    row = schedule(recurrence=None, day_of_month="", ends_at="")

    clean_schedule(row)

    assert (row.recurrence, row.day_of_month, row.ends_at) == ("", None, None)


def test_defaults_of_parameters_are_stored_so_that_they_are_frozen() -> None:
    row = schedule(parameters={})

    clean_schedule(row)

    assert row.parameters == {"rows": 2}


def test_the_host_decides_which_formats_there_are(settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {
        "RENDERERS": {"json": {"BACKEND": "django_report_scheduling.rendering.json.JsonRenderer"}}
    }

    assert problems(formats=["pdf"]) == {"formats": ["Unknown format pdf; there are: json."]}


def test_the_number_of_queries_does_not_grow_with_the_recipients(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    row = schedule(recipients=[f"user{number}@customer.example" for number in range(50)])

    with django_assert_num_queries(2):  # the account exists; people with a role
        clean_schedule(row)
