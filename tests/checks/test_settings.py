"""Wrong values in ``REPORT_SCHEDULING`` are named, with the fix."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from celery.schedules import crontab
from django.core.checks import ERROR

from django_report_scheduling.checks.value_rules import BY_ANNOTATION, BY_NAME, rule_for
from django_report_scheduling.conf import KNOWN_SETTINGS, Settings


def test_no_setting_at_all_is_fine(checked):
    assert checked() == []


def test_every_known_setting_has_a_rule_and_its_default_obeys_it():
    for name in KNOWN_SETTINGS:
        assert rule_for(name).holds(vars(Settings)[name]), name


def test_rules_by_name_are_for_settings_that_exist():
    assert set(BY_NAME) <= KNOWN_SETTINGS


def test_a_setting_that_is_no_dict_is_refused(only):
    message = only(["BASE_URL"])
    assert message.id == "report_scheduling.E001"
    assert "must be a dict, got list" in message.msg


def test_a_misspelt_key_is_refused_with_the_right_one(only):
    message = only({"RETENTON": dt.timedelta(days=1)})
    assert (message.id, message.level) == ("report_scheduling.E002", ERROR)
    assert 'REPORT_SCHEDULING["RETENTON"]' in message.msg
    assert 'Did you mean "RETENTION"?' in message.hint


def test_an_unknown_key_unlike_any_other_lists_them_all(only):
    assert "MAX_QUEUED" in only({"QQQ": 1}).hint


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_SCHEDULES_PER_ACCOUNT", 0),
        ("MAX_SCHEDULES_PER_ACCOUNT", "10"),
        ("MAX_SCHEDULES_PER_ACCOUNT", True),
        ("MAX_RESCUES", -1),
        ("EMAIL_ATTACHMENT_LIMIT", 1.5),
        ("RETRY_DELAYS", 60),
        ("RETRY_DELAYS", "60"),
        ("RETRY_DELAYS", (60, -1)),
        ("RETRY_DELAYS", (60, "300")),
        ("RETENTION", 90),
        ("RETENTION", dt.timedelta(0)),
        ("STORAGE", None),
        ("BASE_URL", 8000),
        ("RECIPIENT_POLICY", print),
        ("QUEUES", ["reports"]),
        ("QUEUES", {"report_scheduling.tick": None}),
        ("RENDERERS", ["pdf"]),
        ("RENDERERS", {"pdf": "a.path"}),
        ("RENDERERS", {"pdf": {}}),
        ("CHANNELS", {"email": {"BACKEND": "a.path", "OPTIONS": []}}),
        ("CHANNELS", {1: {"BACKEND": "a.path"}}),
        ("TICK_SCHEDULE", 0),
        ("TICK_SCHEDULE", "hourly"),
        ("TICK_SCHEDULE", dt.timedelta(0)),
        ("TICK_SCHEDULE", None),
        ("SECRET_KEYS", "k" * 32),
        ("SECRET_KEYS", ["k" * 31]),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_the_default(only, name: str, value: Any):
    message = only({name: value})
    assert message.id == "report_scheduling.E003"
    assert message.msg.startswith(f'REPORT_SCHEDULING["{name}"] must be ')
    assert f'Set REPORT_SCHEDULING["{name}"] = ' in message.hint


def test_secret_keys_of_the_wrong_kind_are_not_repeated(only):
    message = only({"SECRET_KEYS": [b"canary" * 8]})
    assert "got a list that is not shown here" in message.msg
    assert "canary" not in f"{message.msg}{message.hint}"


def test_a_long_value_is_shortened_in_the_message(only):
    assert len(only({"QUEUES": ["x" * 500]}).msg) < 200


@pytest.mark.parametrize("value", [30, 0.5, dt.timedelta(minutes=1), crontab(minute="*/5")])
def test_the_tick_may_have_any_schedule_of_celery(checked, value: Any):
    assert checked({"TICK_SCHEDULE": value}) == []


@pytest.mark.parametrize("annotation", ["bool", "Sequence[str]"])
def test_rules_exist_for_kinds_of_settings_to_come(annotation: str):
    good, bad = {"bool": (True, 1), "Sequence[str]": (["a"], "a")}[annotation]
    assert BY_ANNOTATION[annotation].holds(good)
    assert not BY_ANNOTATION[annotation].holds(bad)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"LEASE": 30, "LEASE_RENEWAL": 30}, "a lease of 30 s would be over before it is renewed after 30 s"),
        ({"LEASE": 400}, "a lease of 400 s outlives the worker, which is killed after 360 s"),
        ({"SOFT_TIME_LIMIT": 360}, "would be killed after 360 s, before it is told to stop after 360 s"),
        ({"RETENTION": dt.timedelta(minutes=1)}, "longer than the files they lead to"),
        ({"RETRY_DELAYS": (60, 30)}, "delays must not get shorter, got (60, 30)"),
        ({"DELIVERY_RETRY_DELAYS": [2, 1]}, "delays must not get shorter, got [2, 1]"),
    ],
)
def test_values_that_contradict_each_other_are_refused(only, values: dict[str, Any], problem: str):
    message = only(values)
    assert message.id == "report_scheduling.E004"
    assert problem in message.msg
    assert "The defaults go together" in message.hint


@pytest.mark.parametrize("delays", [(), (60,), (60, 60, 60), (1, 10, 60)])
def test_delays_may_stay_the_same_or_grow(checked, delays: tuple[int, ...]):
    assert checked({"RETRY_DELAYS": delays}) == []


def test_a_wrong_kind_is_reported_once_and_not_compared(only):
    assert only({"LEASE": "long"}).id == "report_scheduling.E003"


def test_a_queue_for_a_task_that_does_not_exist_is_refused(only):
    message = only({"QUEUES": {"report_scheduling.generate_reports": "heavy"}})
    assert message.id == "report_scheduling.E008"
    assert 'Did you mean "report_scheduling.generate_report"?' in message.hint


def test_a_queue_for_a_task_unlike_any_other_lists_them_all(only):
    assert "report_scheduling.deliver" in only({"QUEUES": {"x": "heavy"}}).hint


def test_a_queue_for_a_task_of_ours_is_fine(checked):
    assert checked({"QUEUES": {"report_scheduling.generate_report": "heavy"}}) == []


@pytest.mark.parametrize(
    ("url", "problem", "fix"),
    [
        ("reports.example.com", "it must start with https:// or http://", '"https://reports.example.com"'),
        ("https://example.com/reports/", "a path, query or fragment does not belong here", '"https://example.com"'),
        ("http://example.com:8000/", "a path, query or fragment does not belong here", '"http://example.com:8000"'),
        ("https://user:pw@example.com", "it holds a user name or password", '"https://example.com"'),
        ("https://", "it names no host", '"https://reports.example.com"'),
        ("https://example.com:0", "port 0 cannot be reached", '"https://example.com:0"'),
        ("https://[::1", "that is not a URL", '"https://reports.example.com"'),
    ],
)
def test_a_base_url_that_is_not_scheme_and_host_is_refused(only, url: str, problem: str, fix: str):
    message = only({"BASE_URL": url})
    assert message.id == "report_scheduling.E009"
    assert problem in message.msg
    assert message.hint.endswith(f"= {fix}.")


@pytest.mark.parametrize("url", ["https://reports.example.com", "http://localhost:8000", "http://[::1]:8000"])
def test_a_base_url_of_scheme_and_host_is_fine(checked, url: str):
    assert checked({"BASE_URL": url}) == []


def test_a_missing_base_url_is_a_warning_in_production_only(checked):
    private = {"STORAGES": {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}}
    assert checked({}, **private) == []
    (message,) = checked({}, deploy=True, **private)
    assert message.id == "report_scheduling.W003"
    assert checked({"BASE_URL": "https://example.com"}, deploy=True, **private) == []
