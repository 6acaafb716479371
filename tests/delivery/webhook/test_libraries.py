"""Without the extra: an error that names it, and everything else still imports."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from django_report_scheduling.delivery.webhook import libraries
from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.deadline import Deadline
from django_report_scheduling.delivery.webhook.resolving import Lookup
from django_report_scheduling.delivery.webhook.urls import check_url

HINT = r"pip install 'django-report-scheduling\[webhooks\]'"


def _post() -> object:
    client = WebhookClient(resolve=lambda _host, _deadline: [ip_address("93.184.215.14")])
    return client.post("https://a.example.com", body=b"", headers={}, now=dt.datetime.now(dt.UTC))


@pytest.mark.parametrize(
    "work", [_post, lambda: Lookup()("a.example.com", Deadline(1)), lambda: check_url("https://bücher.example.com/")]
)
def test_a_missing_library_is_named_with_its_extra(work: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(libraries.importlib, "import_module", missing)
    with pytest.raises(ImproperlyConfigured, match=HINT):
        work()


def test_plain_addresses_are_checked_without_any_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries.importlib, "import_module", None)
    assert check_url("https://hooks.example.com/").host == "hooks.example.com"


def test_no_library_is_loaded_before_it_is_needed() -> None:
    program = (
        "import sys; import django_report_scheduling.delivery.webhook.client, django_report_scheduling.sealing; "
        "print(sorted({'httpcore2', 'dns', 'cryptography', 'idna', 'certifi'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert result.stdout.strip() == "[]"
