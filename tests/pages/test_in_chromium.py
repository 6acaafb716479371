"""The pages as people see them: on a phone, in light and dark, with the keyboard alone."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from django_report_scheduling.choices import ConsentState
from django_report_scheduling.models import RecipientConsent
from django_report_scheduling.services.recipients.links import confirmation_url, unsubscribe_url
from tests.factories import NOW, RecipientConsentFactory

pytest.importorskip("playwright", reason="belongs to the tools for tests")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

SCHEMES = {"light": "rgb(244, 245, 247)", "dark": "rgb(17, 22, 27)"}
READER = Path(__file__).with_name("reader.py")


@dataclass(frozen=True)
class Visit:
    before: dict[str, Any]
    after: dict[str, Any] | None
    complaints: list[str]
    requested: list[str]


@pytest.fixture(autouse=True)
def links_lead_here(live_server: LiveServer, settings: Settings) -> None:
    settings.REPORT_SCHEDULING = {**settings.REPORT_SCHEDULING, "BASE_URL": live_server.url}


@pytest.fixture
def consent() -> RecipientConsent:
    long = "Ländliche Wohnungsbaugenossenschaft" * 3
    return RecipientConsentFactory(
        state=ConsentState.ASKED, nonce="once", asked_at=NOW, account__name=long, address=f"{'jane' * 16}@x.example"
    )


def visit(url: str, folder: Path, scheme: str = "light") -> Visit:
    command = [sys.executable, READER, str(CHROMIUM), folder, scheme, url]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    before, after, *_ = [*told["views"], None]
    return Visit(before, after, told["complaints"], told["requested"])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_somebody_confirms(scheme: str, consent: RecipientConsent, tmp_path: Path) -> None:
    seen = visit(confirmation_url(consent), tmp_path, scheme)

    assert seen.before["heading"] == "Receive reports?"
    assert seen.before["background"] == SCHEMES[scheme]
    assert seen.before["focus"] == "BUTTON"
    assert seen.after is not None
    assert seen.after["heading"] == "Thank you"
    consent.refresh_from_db()
    assert consent.state == ConsentState.CONFIRMED


@pytest.mark.parametrize("scheme", SCHEMES)
def test_somebody_unsubscribes_and_takes_it_back(scheme: str, consent: RecipientConsent, tmp_path: Path) -> None:
    link = unsubscribe_url(consent)
    left, back = visit(link, tmp_path, scheme), visit(link, tmp_path, scheme)

    assert left.after is not None
    assert back.after is not None
    headings = [view["heading"] for view in (left.before, left.after, back.before, back.after)]
    assert headings == ["Unsubscribe?", "Unsubscribed", "Unsubscribed", "Thank you"]
    consent.refresh_from_db()
    assert not consent.suppressed


def test_attack_111_every_page_fits_a_phone_and_breaks_none_of_its_own_rules(
    consent: RecipientConsent, live_server: LiveServer, tmp_path: Path
) -> None:
    download = f"{live_server.url}/reports/download/no:such:token/"
    for url in (confirmation_url(consent), unsubscribe_url(consent), download):
        seen = visit(url, tmp_path)
        # A status of 404 is told on the console, too; a broken policy would be as well.
        complaints = [text for text in seen.complaints if "404" not in text]
        assert complaints == []
        for view in filter(None, (seen.before, seen.after)):
            assert view["width"] == 375
            assert view["styled"] == "512px"
        assert {name.removeprefix(live_server.url) for name in seen.requested} <= {
            "/static/report_scheduling/pages.css",
            "/favicon.ico",
        }
