"""What recipients read is there in German: the mails, and the pages behind their links."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import RequestFactory
from django.utils.translation.template import templatize

import django_report_scheduling
from django_report_scheduling.choices import Event, PauseReason, WebhookStop
from django_report_scheduling.delivery.email import EmailChannel
from django_report_scheduling.pages.page import page
from tests.delivery.requests import delivery_request
from tests.factories import AccountFactory

PACKAGE = Path(django_report_scheduling.__file__).parent
GERMAN = PACKAGE / "locale" / "de" / "LC_MESSAGES"
TEMPLATES = PACKAGE / "templates" / "report_scheduling"
READ = sorted(path for folder in ("mail", "pages") for path in (TEMPLATES / folder).iterdir())
KEYWORDS = {"gettext": None, "ngettext": (1, 2)}


@pytest.fixture(scope="module")
def german() -> Catalog:
    with (GERMAN / "django.po").open("rb") as file:
        return read_po(file, locale="de")


def texts(template: Path) -> Iterator[str]:
    code = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    for _line, message, _comments, _context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
        assert isinstance(message, str)
        yield message


@pytest.mark.parametrize("template", READ, ids=lambda path: path.name)
def test_every_text_that_recipients_read_is_translated(template: Path, german: Catalog) -> None:
    assert [text for text in texts(template) if not (found := german.get(text)) or not found.string] == []


@pytest.mark.parametrize("kind", [PauseReason, WebhookStop])
def test_every_reason_that_people_are_told_is_translated(
    kind: type[PauseReason] | type[WebhookStop], german: Catalog
) -> None:
    assert [label for label in map(str, kind.labels) if not german.get(label)] == []


def test_a_translation_fills_in_the_same_values_and_has_the_same_marks(german: Catalog) -> None:
    for message in german:
        for pattern in (r"%\(\w+\)s", r"</?\w+>"):
            assert sorted(re.findall(pattern, message.id)) == sorted(re.findall(pattern, message.string)), message.id


def test_what_is_used_is_what_was_written(german: Catalog) -> None:
    with (GERMAN / "django.mo").open("rb") as file:
        compiled = read_mo(file)
    assert {message.id: message.string for message in compiled if message.id} == {
        message.id: message.string for message in german if message.id
    }, "Run: pybabel compile --directory django_report_scheduling/locale --domain django"


def test_a_mail_to_a_german_account_is_german() -> None:
    link = "https://reports.example.org/reports/unsubscribe/x/"
    message = EmailChannel().build(delivery_request(account={"locale": "de-CH"}, unsubscribe_url=link))

    assert "Der Bericht liegt bei:" in message.body
    assert f"Abbestellen: {link}" in message.body


def test_a_question_to_a_german_account_is_german() -> None:
    request = delivery_request(account={"locale": "de"}, event=Event.RECIPIENT_CONFIRMATION, period=None, files=())

    assert EmailChannel().build(request).subject == "Möchten Sie Berichte von Acme Ltd erhalten?"


def test_a_page_of_a_german_account_is_german() -> None:
    account = AccountFactory.build(locale="de-AT")
    shown = page(RequestFactory().get("/"), "confirm.html", account=account, address="a@b.example").content.decode()

    assert '<html lang="de-AT" dir="ltr">' in shown
    assert "Berichte erhalten?" in shown
