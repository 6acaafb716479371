"""URLs that object storages sign, as their own libraries make them; whether a server honours them: ``tests/s3``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.storage import FileSystemStorage, InMemoryStorage, Storage, storages
from pytest_django import Settings
from storages.backends.s3 import S3Storage

from django_report_scheduling.exceptions import FileMissing, StorageUnavailable
from django_report_scheduling.models import ReportFile
from django_report_scheduling.services.link_life import mailed_url_life, url_life
from django_report_scheduling.services.presigning import presigned_url
from django_report_scheduling.services.stored_files import open_stored, require_stored
from tests.object_storages import azure, google, s3

# django-storages 1.14.6 asks the clock as Python 3.12 no longer wants it.
pytestmark = pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")

DAY = dt.timedelta(days=1)
DISPOSITION = "attachment; filename*=utf-8''%C3%9Cbersicht.pdf"
CACHE = "private, no-store"
KINDS = {
    "s3": (
        s3,
        {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256", "X-Amz-Expires": "86400", "response-cache-control": CACHE,
            "response-content-disposition": DISPOSITION, "response-content-type": "application/pdf",
        },
    ),
    "azure": (azure, {"sp": "r", "sr": "b", "rscc": CACHE, "rscd": DISPOSITION, "rsct": "application/pdf"}),
    "google": (
        google,
        {
            "X-Goog-Algorithm": "GOOG4-RSA-SHA256", "X-Goog-Expires": "86400", "response-cache-control": CACHE,
            "response-content-disposition": DISPOSITION, "response-content-type": "application/pdf",
        },
    ),
}  # fmt: skip


@pytest.fixture
def keep_in(settings: Settings) -> Callable[[Storage], None]:
    def keep(storage: Storage) -> None:
        settings.STORAGES = {**settings.STORAGES}
        storages._storages["default"] = storage

    return keep


def file(key: str = "reports/a/b/1.pdf") -> ReportFile:
    return ReportFile(key=key, name="Übersicht.pdf", content_type="application/pdf", size=1, sha256="0" * 64)


def query(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.mark.parametrize("kind", KINDS)
def test_attack_081_name_type_and_no_store_are_part_of_what_is_signed(
    kind: str, keep_in: Callable[[Storage], None]
) -> None:
    make, expected = KINDS[kind]
    keep_in(make())

    url = presigned_url(file(), life=DAY)

    assert expected.items() <= query(url).items()
    assert urlsplit(url).path.endswith("/reports/a/b/1.pdf")


def test_azure_names_the_end_of_the_day(keep_in: Callable[[Storage], None]) -> None:
    keep_in(azure())
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)

    end = dt.datetime.fromisoformat(query(presigned_url(file(), life=DAY))["se"])

    assert before + DAY <= end <= dt.datetime.now(dt.UTC) + DAY


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (s3, {"signature_version": "s3"}),
        (s3, {"signature_version": None, "region_name": "us-east-1"}),
        (s3, {"querystring_auth": False}),
        (s3, {"custom_domain": "files.example.com"}),
        (azure, {"account_key": None, "sas_token": "sv=1&sig=of-the-account"}),
        (google, {"querystring_auth": False}),
        (google, {"default_acl": "publicRead"}),
    ],
)
def test_attack_080_a_url_that_is_public_or_signed_in_an_old_way_is_never_handed_out(
    make: Callable[..., Storage], options: dict[str, Any], keep_in: Callable[[Storage], None]
) -> None:
    keep_in(make(**options))

    assert presigned_url(file(), life=DAY) == ""


def test_a_subclass_signs_as_its_base_does(keep_in: Callable[[Storage], None]) -> None:
    class HostStorage(S3Storage):
        location = "tenant"

    keep_in(HostStorage(access_key="k", secret_key="s", bucket_name="b", signature_version="s3v4"))

    assert "X-Amz-Signature" in query(presigned_url(file(), life=DAY))


@pytest.mark.parametrize("storage", [FileSystemStorage("/nowhere"), InMemoryStorage(), Storage()])
def test_other_storages_do_not_sign(storage: Storage, keep_in: Callable[[Storage], None]) -> None:
    keep_in(storage)

    assert presigned_url(file(), life=DAY) == ""


def test_without_credentials_nothing_is_signed_and_nothing_told(
    keep_in: Callable[[Storage], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    keep_in(s3(access_key=None, secret_key=None))

    with pytest.raises(StorageUnavailable, match=r"^The storage of the report files does not answer; try again"):
        presigned_url(file(), life=DAY)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (dt.timedelta(0), 1),
        (dt.timedelta(seconds=-5), 1),
        (dt.timedelta(milliseconds=1), 1),
        (dt.timedelta(hours=1), 3600),
        (dt.timedelta(days=7), 604800),
        (dt.timedelta(days=8), 604800),
        (dt.timedelta.max, 604800),
    ],
)
def test_attack_080_a_url_lives_between_a_second_and_seven_days(
    wanted: dt.timedelta, given: int, settings: Settings, keep_in: Callable[[Storage], None]
) -> None:
    settings.REPORT_SCHEDULING = {"DOWNLOAD_URL_EXPIRY": wanted}
    keep_in(s3())

    assert query(presigned_url(file(), life=url_life()))["X-Amz-Expires"] == str(given)


@pytest.mark.parametrize(("wanted", "given"), [(3600, 300), (60, 60), (-5, 1)])
def test_attack_079_behind_a_mailed_link_it_lives_five_minutes_at_most(
    wanted: int, given: int, settings: Settings
) -> None:
    settings.REPORT_SCHEDULING = {"DOWNLOAD_URL_EXPIRY": dt.timedelta(seconds=wanted)}

    assert mailed_url_life() == dt.timedelta(seconds=given)


@pytest.mark.parametrize(
    "key",
    [
        "../../x", "reports/../../x", "reports/a/../b", "reports/./a", "reports//a", "/reports/a", "reports",
        "reports/",        "other/a.pdf", "reports/a\\..\\b", "reports/a\nb", "reports/a\0b", "", "..", "reports/..",
    ],
)  # fmt: skip
def test_attack_080_a_key_that_leads_elsewhere_is_neither_signed_nor_opened(
    key: str, keep_in: Callable[[Storage], None]
) -> None:
    """boto3 signs any key as it stands, ``../../x`` too, which a client then resolves to another object."""
    keep_in(s3())

    for reach in (require_stored, open_stored, lambda found: presigned_url(found, life=DAY)):
        with pytest.raises(FileMissing):
            reach(file(key))
