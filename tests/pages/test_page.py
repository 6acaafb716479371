"""What all pages for people without a login have in common."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from pytest_django import Settings

from django_report_scheduling.models import RecipientConsent
from django_report_scheduling.pages.page import STYLE, page
from django_report_scheduling.services.recipients.links import confirmation_url, unsubscribe_url
from tests.factories import NOW, RecipientConsentFactory

pytestmark = pytest.mark.django_db

HOST = "https://reports.example.org"


@pytest.fixture
def consent() -> RecipientConsent:
    hostile = "<script>alert(1)</script>{{ 7|add:7 }}"
    return RecipientConsentFactory(state="asked", nonce="once", asked_at=NOW, account__name=hostile)


@pytest.fixture
def answers(client: Client, consent: RecipientConsent) -> list[HttpResponse]:
    """Every page there is."""
    leaving, agreeing = (url(consent).removeprefix(HOST) for url in (unsubscribe_url, confirmation_url))
    return [
        client.get(leaving),
        client.get(agreeing),
        client.post(agreeing),
        client.post(leaving),
        client.get(agreeing),
        client.get("/reports/download/no:such:token/"),
    ]


def test_attack_111_no_page_needs_a_script_or_a_style_of_its_own(answers: list[HttpResponse]) -> None:
    for answer in answers:
        text = answer.content.decode()
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert not re.search(r"<script|<style|style=|onclick|javascript:", text), text


def test_attack_111_no_page_is_framed_kept_or_passed_on(answers: list[HttpResponse]) -> None:
    for answer in answers:
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies


def test_attack_075_what_an_account_is_called_is_shown_as_text(answers: list[HttpResponse]) -> None:
    shown = [answer.content.decode() for answer in answers[:4]]
    assert all("&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in text for text in shown)


def test_its_style_is_served_and_styles_may_come_from_where_the_host_serves_them(settings: Settings) -> None:
    found = finders.find(STYLE)
    assert isinstance(found, str)
    assert "url(" not in Path(found).read_text()

    settings.STATIC_URL = "https://static.example.net/assets/"
    answer = page(RequestFactory().get("/"), "no_longer_valid.html", account=None)
    assert "style-src 'self' https://static.example.net;" in answer["Content-Security-Policy"]


def test_a_page_is_in_the_language_of_the_account(client: Client, consent: RecipientConsent) -> None:
    consent.account.locale = "ar"
    consent.account.save()

    text = client.get(unsubscribe_url(consent).removeprefix(HOST)).content.decode()
    assert '<html lang="ar" dir="rtl">' in text


def test_a_page_about_no_account_is_in_the_language_of_the_reader() -> None:
    with translation.override("he"):
        text = page(RequestFactory().get("/"), "no_longer_valid.html", account=None).content.decode()
    assert '<html lang="he" dir="rtl">' in text


def test_a_host_has_pages_of_its_own(settings: Settings, client: Client, tmp_path: Path) -> None:
    folder = tmp_path / "report_scheduling" / "pages"
    folder.mkdir(parents=True)
    (folder / "no_longer_valid.html").write_text("Ask us: +49 30 123456")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [str(tmp_path)]}]

    assert client.get("/reports/confirm/no:such:token/").content == b"Ask us: +49 30 123456"
