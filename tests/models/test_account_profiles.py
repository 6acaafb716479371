"""The account as a report sees it."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from PIL import Image

from django_report_scheduling.services.account_profiles import account_profile
from tests.factories import AccountFactory

pytestmark = pytest.mark.django_db


def png() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (2, 2)).save(buffer, "PNG")
    return buffer.getvalue()


def test_it_is_a_copy_free_of_the_model() -> None:
    account = AccountFactory(name="Acme", slug="acme", locale="de-CH", accent_color="#112233")

    profile = account_profile(account)

    assert (profile.id, profile.slug, profile.name) == (str(account.pk), "acme", "Acme")
    assert (profile.locale, profile.accent_color, profile.logo) == ("de-CH", "#112233", None)


@pytest.mark.parametrize(("number_format", "used"), [("", "de-CH"), ("en-GB", "en-GB")])
def test_numbers_follow_the_locale_unless_they_have_their_own(number_format: str, used: str) -> None:
    assert account_profile(AccountFactory(locale="de-CH", number_format=number_format)).number_format == used


def test_the_logo_comes_as_bytes(report_storage: InMemoryStorage) -> None:
    account = AccountFactory()
    account.logo.save("logo.png", ContentFile(png()))

    assert account_profile(account).logo == png()


def test_a_logo_that_is_gone_is_left_out_and_logged(report_storage: InMemoryStorage, caplog: Any) -> None:
    account = AccountFactory(logo="report_scheduling/logos/gone.png")

    with caplog.at_level(logging.WARNING):
        assert account_profile(account).logo is None
    assert f"The logo of account {account.pk} cannot be read (FileNotFoundError)" in caplog.text
