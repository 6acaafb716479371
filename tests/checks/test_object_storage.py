"""How an object storage has to be set up is said at start-up, with the option to change."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from tests.object_storages import S3_OPTIONS

S3, AZURE, GOOGLE = (
    "storages.backends.s3.S3Storage",
    "storages.backends.azure_storage.AzureStorage",
    "storages.backends.gcloud.GoogleCloudStorage",
)


@pytest.fixture(autouse=True)
def no_region_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)


def stored(backend: str = S3, **options: Any) -> dict[str, Any]:
    """Settings with the storage ``reports``."""
    given = (S3_OPTIONS | options) if backend == S3 else options
    return {"STORAGES": {**settings.STORAGES, "reports": {"BACKEND": backend, "OPTIONS": given}}}


OURS = {"STORAGE": "reports", "BASE_URL": "https://reports.example.com"}


def test_what_the_documentation_shows_is_fine(checked) -> None:
    assert checked(OURS, deploy=True, **stored()) == []


@pytest.mark.parametrize(
    ("backend", "options"),
    [
        (S3, {"default_acl": "public-read"}),
        (S3, {"default_acl": "public-read-write"}),
        (S3, {"default_acl": "authenticated-read"}),
        (S3, {"object_parameters": {"ACL": "public-read", "ServerSideEncryption": "AES256"}}),
        (GOOGLE, {"default_acl": "publicRead"}),
        (GOOGLE, {"default_acl": "authenticatedRead"}),
    ],
)
def test_attack_082_reports_that_everybody_may_read_are_an_error(only, backend: str, options: dict[str, Any]) -> None:
    message = only(OURS, **stored(backend, **options))

    assert message.id == "report_scheduling.E014"
    assert 'STORAGES["reports"]["OPTIONS"]["default_acl"] = None' in message.hint


@pytest.mark.parametrize("acl", [None, "private", "bucket-owner-full-control"])
def test_other_access_lists_are_fine(checked, acl: str | None) -> None:
    assert checked(OURS, deploy=True, **stored(default_acl=acl)) == []


@pytest.mark.parametrize(
    ("options", "number", "fix"),
    [
        ({"querystring_auth": False}, 4, '["querystring_auth"] = True'),
        ({"custom_domain": "files.example.com"}, 4, '["custom_domain"] = None'),
        ({"signature_version": None}, 5, '["signature_version"] = "s3v4"'),
        ({"signature_version": "s3"}, 5, '["signature_version"] = "s3v4"'),
        ({"region_name": None}, 5, '["region_name"]'),
        ({"object_parameters": {}}, 6, '["object_parameters"] = {"ServerSideEncryption": "AES256"}'),
        ({"file_overwrite": True}, 7, '["file_overwrite"] = False'),
    ],
)
def test_attack_080_an_option_that_makes_links_or_files_less_safe_is_named(
    only, options: dict[str, Any], number: int, fix: str
) -> None:
    message = only(OURS, deploy=True, **stored(**options))

    assert message.id == f"report_scheduling.W{number:03}"
    assert f'STORAGES["reports"]["OPTIONS"]{fix}' in message.hint


def test_a_region_from_the_environment_counts(checked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")

    assert checked(OURS, deploy=True, **stored(region_name=None)) == []


# django-storages asks the clock in a way that Python 3.12 deprecates.
@pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")
@pytest.mark.parametrize(
    ("backend", "options"),
    [(AZURE, {"overwrite_files": True}), (GOOGLE, {"file_overwrite": True})],
)
def test_files_that_are_replaced_are_named_for_the_others_too(only, backend: str, options: dict[str, Any]) -> None:
    message = only(OURS, deploy=True, **stored(backend, **options))

    assert message.id == "report_scheduling.W007"
    assert f"{next(iter(options))}" in message.hint


def test_google_without_signatures_is_named(only) -> None:
    options = {"querystring_auth": False, "file_overwrite": False}

    assert only(OURS, deploy=True, **stored(GOOGLE, **options)).id == "report_scheduling.W004"


def test_development_is_left_alone_but_for_public_files(checked) -> None:
    assert checked(OURS, **stored(object_parameters={}, signature_version=None, querystring_auth=False)) == []


def test_an_alias_that_is_none_is_named_once(only) -> None:
    assert only({"STORAGE": None, "BASE_URL": OURS["BASE_URL"]}, deploy=True).id == "report_scheduling.E003"


def test_a_folder_is_none_of_this(checked) -> None:
    options = {"location": "/srv/reports"}
    folder = stored("django.core.files.storage.FileSystemStorage", **options)

    assert checked(OURS, deploy=True, **folder) == []
