"""How an object storage has to be set up so that reports stay private and their links expire."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  # Django's name for it

from django_report_scheduling.checks.storage import usable_storage
from django_report_scheduling.conf import conf
from django_report_scheduling.services.presigning import AZURE, GOOGLE, S3, kinds

OPEN_TO_OTHERS: Final = ("public", "authenticated")
"""How the names of access lists begin that let in strangers: everybody, or every customer of the provider."""
THROUGH_US: Final = "Until then downloads go through this site, which signs its own links."


def check_object_storage_acl(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E014: everybody may read the objects that are uploaded."""
    storage = _object_storage()
    parameters = getattr(storage, "object_parameters", None) or {}
    given = [getattr(storage, "default_acl", None), parameters.get("ACL"), parameters.get("acl")]
    return [
        Error(
            f"The storage {conf.STORAGE!r} uploads reports with the access list {acl!r}, which lets strangers in.",
            hint=f"Set {_option('default_acl')} = None, take ACL out of object_parameters, and block public access "
            "to the bucket. Reports that lie there already stay open until their access list is changed.",
            id="report_scheduling.E014",
        )
        for acl in given
        if isinstance(acl, str) and acl.startswith(OPEN_TO_OTHERS)
    ]


def check_object_storage(**_kwargs: Any) -> Sequence[CheckMessage]:
    """W004–W007: links that are not signed, or signed in an outdated way; no encryption; files that are replaced."""
    storage = _object_storage()
    if storage is None:
        return []
    found = kinds(storage)
    return [
        *_unsigned(storage),
        *(_signature(storage) if S3 in found else ()),
        *(_encryption(storage) if S3 in found else ()),
        *_replacement(storage),
    ]


def _object_storage() -> Any:
    """Return the storage of reports if it is one that could sign links, otherwise ``None``."""
    storage = usable_storage()
    return storage if storage is not None and {S3, AZURE, GOOGLE} & set(kinds(storage)) else None


def _option(name: str) -> str:
    return f'STORAGES["{conf.STORAGE}"]["OPTIONS"]["{name}"]'


def _warning(number: int, message: str, hint: str) -> CheckMessage:
    text = f"The storage {conf.STORAGE!r} {message}"
    return Warning(text, hint=hint, id=f"report_scheduling.W{number:03}")


def _unsigned(storage: Any) -> Iterator[CheckMessage]:
    if not getattr(storage, "querystring_auth", True):
        yield _warning(4, "does not sign its links.", f"Set {_option('querystring_auth')} = True. {THROUGH_US}")
    elif S3 in kinds(storage) and storage.custom_domain:
        message = f"gives out links at {storage.custom_domain}, where S3's signature does not count."
        yield _warning(4, message, f"Set {_option('custom_domain')} = None. {THROUGH_US}")


def _signature(storage: Any) -> Iterator[CheckMessage]:
    version = storage.client_config.signature_version
    if version != "s3v4":
        message = f"signs with {version or 'whatever version boto3 chooses'!r} instead of Signature Version 4."
        yield _warning(5, message, f'Set {_option("signature_version")} = "s3v4". {THROUGH_US}')
    if not (storage.region_name or os.environ.get("AWS_DEFAULT_REGION")):
        hint = f'Set {_option("region_name")} to the region of the bucket, e.g. "eu-central-1".'
        yield _warning(5, "names no region, which is part of Signature Version 4.", hint)


def _encryption(storage: Any) -> Iterator[CheckMessage]:
    if not storage.object_parameters.get("ServerSideEncryption"):
        hint = f'Set {_option("object_parameters")} = {{"ServerSideEncryption": "AES256"}}, or "aws:kms" with a key.'
        yield _warning(6, "does not ask for the encryption of what it stores.", hint)


def _replacement(storage: Any) -> Iterator[CheckMessage]:
    name = "overwrite_files" if AZURE in kinds(storage) else "file_overwrite"
    if getattr(storage, name):
        message = "replaces a file of the same name without a word."
        yield _warning(7, message, f"Set {_option(name)} = False.")
