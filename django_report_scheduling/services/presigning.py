"""URLs that object storages sign themselves, so that a file goes from the storage to the reader and not through us.

Storages are known by the class they are of, hence none of their libraries is imported where it is not used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from django.core.files.storage import Storage
from django.utils.http import content_disposition_header

from django_report_scheduling.models import ReportFile
from django_report_scheduling.services.report_storage import report_storage
from django_report_scheduling.services.stored_files import storage_faults

CACHE_CONTROL: Final = "private, no-store"
S3: Final = "storages.backends.s3.S3Storage"
AZURE: Final = "storages.backends.azure_storage.AzureStorage"
GOOGLE: Final = "storages.backends.gcloud.GoogleCloudStorage"


@dataclass(frozen=True, kw_only=True, slots=True)
class Signer:
    """How one kind of storage signs.

    :param sign: returns the URL of a file for a number of seconds; empty where the storage has no key to sign with.
    :param proof: the query parameters of a URL that is signed and expires. A URL without them, because the storage is
        configured as public or with an outdated signature, is never handed out.
    """

    sign: Callable[[Any, ReportFile, int], str]
    proof: frozenset[str]


def presigned_url(file: ReportFile, *, life: dt.timedelta) -> str:
    """Return a URL under which the storage itself hands out the file as an attachment, and then no longer.

    :param life: as :mod:`~django_report_scheduling.services.link_life` allows.
    :returns: empty for a storage that does not sign, or not safely.
    :raises FileMissing: the row names a place where no report lies.
    :raises StorageUnavailable: the storage has no credentials to sign with at the moment.
    """
    storage = report_storage()
    signer = next((SIGNERS[kind] for kind in kinds(storage) if kind in SIGNERS), None)
    if signer is None:
        return ""
    with storage_faults(file):
        url = signer.sign(storage, file, int(life.total_seconds()))
    return url if signer.proof <= parse_qs(urlsplit(url).query).keys() else ""


def kinds(storage: Storage) -> list[str]:
    """Return the dotted paths of the classes that a storage is of, nearest first."""
    return [f"{kind.__module__}.{kind.__qualname__}" for kind in type(storage).__mro__]


def _disposition(file: ReportFile) -> str:
    return content_disposition_header(as_attachment=True, filename=file.name) or "attachment"


def _s3(storage: Any, file: ReportFile, seconds: int) -> str:
    parameters = {
        "ResponseContentDisposition": _disposition(file),
        "ResponseContentType": file.content_type,
        "ResponseCacheControl": CACHE_CONTROL,
    }
    return str(storage.url(file.key, parameters=parameters, expire=seconds))


def _azure(storage: Any, file: ReportFile, seconds: int) -> str:
    if not (storage.account_key or storage.token_credential):
        return ""
    parameters = {
        "content_disposition": _disposition(file),
        "content_type": file.content_type,
        "cache_control": CACHE_CONTROL,
    }
    return str(storage.url(file.key, expire=seconds, parameters=parameters))


def _google(storage: Any, file: ReportFile, seconds: int) -> str:
    parameters = {
        "version": "v4",
        "expiration": dt.timedelta(seconds=seconds),
        "response_disposition": _disposition(file),
        "response_type": file.content_type,
        "query_parameters": {"response-cache-control": CACHE_CONTROL},
    }
    return str(storage.url(file.key, parameters=parameters))


SIGNERS: Final[Mapping[str, Signer]] = {
    S3: Signer(sign=_s3, proof=frozenset({"X-Amz-Algorithm", "X-Amz-Expires", "X-Amz-Signature"})),
    AZURE: Signer(sign=_azure, proof=frozenset({"se", "sig"})),
    GOOGLE: Signer(sign=_google, proof=frozenset({"X-Goog-Algorithm", "X-Goog-Expires", "X-Goog-Signature"})),
}
