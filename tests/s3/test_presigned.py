"""URLs that S3 signs for us, against a server that verifies Signature Version 4 and expiry (moto's does neither)."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from storages.backends.s3 import S3Storage

from django_report_scheduling.models import ReportFile
from django_report_scheduling.services.presigning import presigned_url
from tests.s3.http import get
from tests.s3.server import S3Server

pytestmark = [pytest.mark.s3, pytest.mark.slow]

PDF = b"%PDF-1.7 the report"
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def file(s3_storage: S3Storage, keep_reports_in: Callable[[Storage], None]) -> ReportFile:
    """A stored file with a name outside of ASCII."""
    keep_reports_in(s3_storage)
    return stored(s3_storage, "reports/a/1/1.pdf")


def stored(storage: Storage, key: str) -> ReportFile:
    return ReportFile(
        key=storage.save(key, ContentFile(PDF)), format="pdf", name="Übersicht.pdf", content_type="application/pdf",
        size=len(PDF), sha256="0" * 64,
    )  # fmt: skip


def changed(url: str, **parameters: str) -> str:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert parameters.keys() <= query.keys()
    return urlunsplit(parts._replace(query=urlencode(query | parameters)))


def test_the_server_hands_out_the_bytes(file: ReportFile) -> None:
    answer = get(presigned_url(file, life=MINUTE))

    assert (answer.status, answer.content) == (200, PDF)


def test_attack_081_the_server_sends_the_headers_that_we_signed(file: ReportFile) -> None:
    headers = get(presigned_url(file, life=MINUTE)).headers

    assert headers["Content-Disposition"] == "attachment; filename*=utf-8''%C3%9Cbersicht.pdf"
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Cache-Control"] == "private, no-store"


def test_a_part_of_the_file_can_be_asked_for(file: ReportFile) -> None:
    answer = get(presigned_url(file, life=MINUTE), Range="bytes=1-3")

    assert (answer.status, answer.content) == (206, b"PDF")


def test_attack_080_the_signature_is_version_4(file: ReportFile) -> None:
    query = parse_qs(urlsplit(presigned_url(file, life=MINUTE)).query)

    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["60"]


@pytest.mark.parametrize(
    "tampered",
    [
        {"X-Amz-Signature": "0" * 64},
        {"X-Amz-Expires": "86400"},
        {"response-content-disposition": "inline"},
        {"response-content-type": "text/html"},
        {"X-Amz-Credential": "somebody/20260101/us-east-1/s3/aws4_request"},
    ],
)
def test_attack_078_the_server_refuses_a_url_that_was_altered(tampered: dict[str, str], file: ReportFile) -> None:
    url = presigned_url(file, life=MINUTE)
    assert get(changed(url)).status == 200

    assert get(changed(url, **tampered)).status == 403


def test_attack_078_the_server_refuses_the_signature_of_one_file_for_another(
    file: ReportFile, s3_storage: S3Storage
) -> None:
    other = stored(s3_storage, "reports/b/2/1.pdf")

    answer = get(presigned_url(file, life=MINUTE).replace(file.key, other.key))

    assert answer.status == 403
    assert PDF not in answer.content


def test_attack_078_the_server_refuses_a_url_that_has_expired(file: ReportFile) -> None:
    url = presigned_url(file, life=dt.timedelta(seconds=1))
    deadline = time.monotonic() + 30

    while get(url).status == 200 and time.monotonic() < deadline:
        time.sleep(0.2)

    assert get(url).status == 403


def test_attack_082_nobody_reads_or_lists_without_a_signature(file: ReportFile, s3_storage: S3Storage) -> None:
    bucket = f"{s3_storage.endpoint_url}/{s3_storage.bucket_name}"

    assert get(f"{bucket}/{file.key}").status == 403
    for query in ("", "?prefix=reports/", "?list-type=2&prefix=reports/a/", "?prefix=reports/b/../a/"):
        answer = get(f"{bucket}{query}")
        assert answer.status == 403
        assert file.key.encode() not in answer.content


def test_attack_082_a_url_for_a_file_is_none_for_a_list(file: ReportFile) -> None:
    url = presigned_url(file, life=MINUTE)

    for path in ("", "reports/", "reports/a/"):
        answer = get(url.replace(file.key, path) + "&prefix=reports/&list-type=2")
        assert answer.status == 403
        assert file.key.encode() not in answer.content


def test_attack_082_one_account_s_folder_does_not_list_another_whose_id_begins_alike(s3_storage: S3Storage) -> None:
    for key in ("reports/1/x/1.pdf", "reports/10/y/1.pdf"):
        s3_storage.save(key, ContentFile(PDF))

    assert s3_storage.listdir("reports/1") == (["x"], [])
    assert s3_storage.listdir("reports/10/../1") == (["x"], [])


def test_attack_082_uploads_give_rights_to_the_owner_alone(file: ReportFile, s3_storage: S3Storage) -> None:
    acl = s3_storage.connection.meta.client.get_object_acl(Bucket=s3_storage.bucket_name, Key=file.key)

    assert [grant["Grantee"].get("ID") for grant in acl["Grants"]] == [acl["Owner"]["ID"]]


def test_attack_082_uploads_ask_for_encryption(
    s3_server: S3Server, moto_url: str, make_storage: Callable[..., S3Storage]
) -> None:
    """The real server takes the request for SSE-S3 and stores the file, but does not say that it encrypted it.

    It does say so for SSE-KMS. moto encrypts nothing, but repeats what was asked: that proves that SSE-S3 is asked for.
    """
    kms = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "key-1"}

    assert head(make_storage(moto_url))["ServerSideEncryption"] == "AES256"
    assert head(make_storage(s3_server.url))["ContentLength"] == len(PDF)
    assert head(make_storage(s3_server.url, object_parameters=kms))["ServerSideEncryption"] == "aws:kms"


def head(storage: S3Storage) -> dict[str, object]:
    key = stored(storage, "reports/a/1/1.pdf").key
    answer: dict[str, object] = storage.connection.meta.client.head_object(Bucket=storage.bucket_name, Key=key)
    return answer
