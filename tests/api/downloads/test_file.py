"""Following a signed URL of ours: everything that allowed the download is asked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.files.storage import InMemoryStorage
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from django_report_scheduling.access.roles import revoke
from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportFile
from django_report_scheduling.services import download_links
from django_report_scheduling.services.file_links import SALT
from tests.api.callers import client_of
from tests.api.downloads.conftest import PDF, content
from tests.factories import NOW

pytestmark = pytest.mark.django_db

UNKNOWN = "0190b1de-0000-7000-8000-000000000000"


@pytest.fixture
def refused(client: Client) -> Callable[[str], None]:
    """Asserts that a link is answered exactly as one that never was."""

    def compare(url: str, by: Any = client) -> None:
        never = by.get(reverse("report_scheduling_api:file", args=["no:such:token"]))
        response = by.get(url)

        assert (response.status_code, response.content) == (404, never.content)
        assert response.headers == never.headers

    return compare


def token_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def signed(claim: Any, salt: str = SALT) -> str:
    return reverse("report_scheduling_api:file", args=[signing.dumps(claim, salt=salt)])


def test_attack_081_the_headers_keep_the_file_to_whoever_asked(client: Client, link: str) -> None:
    response = client.get(link)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="acme.pdf"'
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_download_can_be_gone_on_with(client: Client, link: str) -> None:
    begun = client.get(link, headers={"Range": "bytes=0-3"})
    first = content(begun)
    rest = client.get(link, headers={"Range": "bytes=4-", "If-Range": begun["ETag"]})

    assert (begun.status_code, rest.status_code) == (206, 206)
    assert first + content(rest) == PDF


def test_looking_at_the_headers_sends_no_bytes(client: Client, link: str) -> None:
    response = client.head(link)

    assert (response.status_code, response["Content-Length"], content(response)) == (200, str(len(PDF)), b"")


def test_a_link_works_with_and_without_the_slash(client: Client, link: str) -> None:
    assert link.endswith("/")
    assert content(client.get(link.rstrip("/"))) == PDF


def test_following_is_the_download_that_was_written_down(client: Client, link: str) -> None:
    content(client.get(link))

    assert AuditEvent.objects.filter(verb="report.downloaded").count() == 1


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_but_reading_is_possible(method: str, client: Client, link: str) -> None:
    assert getattr(client, method)(link).status_code == 405


@pytest.mark.parametrize("position", [3, 20, -30, -2])
def test_attack_078_an_altered_link_is_refused(position: int, link: str, refused: Callable[[str], None]) -> None:
    token = list(token_of(link))
    token[position] = "A" if token[position] != "A" else "B"

    refused(reverse("report_scheduling_api:file", args=["".join(token)]))


@pytest.mark.parametrize("token", ["x", "a:b", "a:b:c", "::", "..", "%00", "\x00", "ü", "x" * 5000])
def test_attack_078_a_link_that_is_none_is_refused(token: str, refused: Callable[[str], None]) -> None:
    refused(reverse("report_scheduling_api:file", args=[token]))


@pytest.mark.parametrize("claim", [{}, [], "x", None, {"f": "1"}, {"p": "1"}, {"f": UNKNOWN, "p": "0"}])
def test_a_signed_claim_of_another_shape_is_refused(claim: Any, refused: Callable[[str], None]) -> None:
    refused(signed(claim))


def test_attack_078_a_link_of_a_mail_and_one_of_ours_are_no_use_for_each_other(
    link: str, file: ReportFile, reader: Any, refused: Callable[[str], None], client: Client
) -> None:
    claim = {"f": str(file.pk), "p": str(reader.pk)}
    assert client.get(signed(claim)).status_code == 200

    refused(signed(claim, salt=download_links.SALT))
    assert client.get(reverse("report_scheduling:download", args=[token_of(link)])).status_code == 404


def test_attack_078_a_link_is_of_no_use_to_somebody_else_who_is_logged_in(
    link: str, report: GeneratedReport, reader: Any, refused: Callable[..., None]
) -> None:
    other, own = Client(), Client()
    other.force_login(client_of(report.account), backend="django.contrib.auth.backends.ModelBackend")
    own.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    refused(link, by=other)
    assert own.get(link).status_code == 200


def test_attack_078_a_link_outlives_a_change_of_the_key_through_its_fallback(
    client: Client, link: str, settings: Settings, refused: Callable[[str], None]
) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "the new key"
    assert client.get(link).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    refused(link)


def test_attack_078_a_link_expires(
    client: Client, file: ReportFile, reader: Any, settings: Settings, refused: Callable[[str], None]
) -> None:
    settings.REPORT_SCHEDULING = {"DOWNLOAD_URL_EXPIRY": dt.timedelta(minutes=10)}
    with time_machine.travel(NOW, tick=False):
        url = signed({"f": str(file.pk), "p": str(reader.pk)})

    with time_machine.travel(NOW + dt.timedelta(minutes=10), tick=False):
        assert client.get(url).status_code == 200
    with time_machine.travel(NOW + dt.timedelta(minutes=10, seconds=2), tick=False):
        refused(url)


def test_attack_079_a_role_that_was_taken_meanwhile_ends_the_link(
    link: str, report: GeneratedReport, reader: Any, refused: Callable[[str], None]
) -> None:
    revoke(account=report.account, holder=reader)

    refused(link)


@pytest.mark.parametrize("change", ["deactivated", "deleted"])
def test_attack_079_a_person_who_left_meanwhile_ends_the_link(
    change: str, link: str, reader: Any, refused: Callable[[str], None]
) -> None:
    if change == "deleted":
        reader.delete()
    else:
        reader.is_active = False
        reader.save()

    refused(link)


def test_a_report_that_is_made_again_ends_the_link(link: str, refused: Callable[[str], None]) -> None:
    GeneratedReport.objects.update(status=ReportStatus.QUEUED, wake_at=NOW)

    refused(link)


@pytest.mark.parametrize("gone", ["row", "stored file"])
def test_a_file_that_is_gone_ends_the_link(
    gone: str, link: str, file: ReportFile, report_storage: InMemoryStorage, refused: Callable[[str], None]
) -> None:
    if gone == "row":
        file.delete()
    else:
        report_storage.delete(file.key)

    refused(link)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_storage_that_fails_when_the_link_is_followed_is_a_503(
    method: str, client: Client, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: InMemoryStorage, name: str, mode: str = "rb") -> Any:
        raise TimeoutError(f"10.0.0.5 is slow with {name}")

    monkeypatch.setattr(InMemoryStorage, "open" if method == "get" else "exists", fail)

    response = getattr(client, method)(link)

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert b"10.0.0.5" not in response.content


def test_a_link_names_neither_the_person_nor_the_account(link: str, file: ReportFile, reader: Any) -> None:
    assert signing.loads(token_of(link), salt=SALT) == {"f": str(file.pk), "p": str(reader.pk)}
