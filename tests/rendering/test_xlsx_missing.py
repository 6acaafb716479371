"""Excel without XlsxWriter: simulated where it is installed, for real in the tox environment ``no-extras``."""

from __future__ import annotations

import sys

import pytest
from django.core.checks import Warning as CheckWarning

from django_report_scheduling.exceptions import RenderError
from django_report_scheduling.rendering.xlsx import XlsxRenderer
from tests.extras_at_hand import XLSX
from tests.rendering.samples import document, rendered


@pytest.fixture(autouse=True)
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    if XLSX:
        monkeypatch.setitem(sys.modules, "xlsxwriter", None)


def test_the_check_names_the_fix() -> None:
    (message,) = XlsxRenderer().check()
    assert isinstance(message, CheckWarning)
    assert message.id == "report_scheduling.W102"
    assert "pip install 'django-report-scheduling[xlsx]'" in message.msg


def test_a_report_names_the_fix() -> None:
    with pytest.raises(RenderError, match=r"pip install 'django-report-scheduling\[xlsx\]'"):
        rendered(XlsxRenderer(), document())
