"""What the package raises says what is wrong, to people and to machines."""

from __future__ import annotations

import pickle

import pytest

from django_report_scheduling import exceptions
from django_report_scheduling.choices import ErrorCode
from django_report_scheduling.exceptions import (
    DeliveryError,
    InvalidParameters,
    LimitReached,
    ReportSchedulingError,
    ValidationFailed,
)

CLASSES = [
    value
    for value in vars(exceptions).values()
    if isinstance(value, type) and issubclass(value, ReportSchedulingError) and not issubclass(value, ValidationFailed)
]


@pytest.mark.parametrize("error_class", CLASSES)
def test_the_first_line_of_the_docstring_is_the_default_message(error_class: type[ReportSchedulingError]) -> None:
    assert str(error_class()) == (error_class.__doc__ or "").splitlines()[0]


def test_the_name_stands_in_where_docstrings_are_stripped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LimitReached, "__doc__", None)

    assert str(LimitReached()) == "LimitReached"


def test_a_message_of_its_own_replaces_the_default() -> None:
    assert str(LimitReached("Ten is the most.")) == "Ten is the most."


@pytest.mark.parametrize("error_class", CLASSES)
def test_every_class_has_a_code_for_machines(error_class: type[ReportSchedulingError]) -> None:
    assert error_class.code
    assert error_class.code == error_class.code.lower()


def test_messages_of_failed_validation_are_kept_by_field_and_told_in_one_line() -> None:
    error = ValidationFailed({"name": ("Too long.", "Not nice."), "__all__": ("No.",)})

    assert error.errors == {"name": ["Too long.", "Not nice."], "__all__": ["No."]}
    assert str(error) == "name: Too long. Not nice.; __all__: No."


def test_failed_validation_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InvalidParameters({"rows": ["Too many."]})))  # noqa: S301  # our own bytes

    assert type(error) is InvalidParameters
    assert error.errors == {"rows": ["Too many."]}


@pytest.mark.parametrize(
    ("permanent", "code"), [(True, ErrorCode.CHANNEL_REJECTED), (False, ErrorCode.CHANNEL_UNAVAILABLE)]
)
def test_a_permanent_delivery_error_is_a_rejection(permanent: bool, code: ErrorCode) -> None:
    error = DeliveryError("No.", permanent=permanent)

    assert (error.permanent, error.code) == (permanent, code)


def test_a_delivery_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(DeliveryError("No.", permanent=True)))  # noqa: S301  # our own bytes

    assert (str(error), error.permanent, error.code) == ("No.", True, ErrorCode.CHANNEL_REJECTED)
