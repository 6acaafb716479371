"""Where report files are to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning  # noqa: A004  # Django's name for it
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages

from django_report_scheduling.checks.configured import named
from django_report_scheduling.checks.value_rules import is_sound
from django_report_scheduling.conf import conf

NOWHERE = (None, "", "/")
"""What a storage without MEDIA_URL has for its address."""
PRIVATE_STORAGE = (
    'STORAGES["reports"] = {"BACKEND": "django.core.files.storage.FileSystemStorage", '
    '"OPTIONS": {"location": BASE_DIR / "reports"}} and REPORT_SCHEDULING["STORAGE"] = "reports"'
)


def check_storage_alias(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E005: the storage that is named does not exist, or cannot be made."""
    if not is_sound("STORAGE"):
        return []
    try:
        storages[conf.STORAGE]
    except InvalidStorageError as error:
        return [
            Error(
                f"{named('STORAGE')} is {conf.STORAGE!r}, which is no usable alias in STORAGES: {error}",
                hint=f"Use one of {', '.join(sorted(storages.backends))}, or set {PRIVATE_STORAGE}.",
                id="report_scheduling.E005",
            )
        ]
    return []


def usable_storage() -> Storage | None:
    """Return the storage of reports, or ``None`` where there is none, which :func:`check_storage_alias` tells."""
    return storages[conf.STORAGE] if is_sound("STORAGE") and not check_storage_alias() else None


def check_public_storage(**_kwargs: Any) -> Sequence[CheckMessage]:
    """W002: reports lie among the media files, which web servers hand to everybody."""
    storage = usable_storage()
    if not isinstance(storage, FileSystemStorage) or storage.base_url in NOWHERE or not _within_media(storage):
        return []
    return [
        Warning(
            f"Reports are kept in {storage.location}, among the files that are public under {storage.base_url!r}.",
            hint=f"Keep them in a folder of their own: {PRIVATE_STORAGE}.",
            id="report_scheduling.W002",
        )
    ]


def _within_media(storage: FileSystemStorage) -> bool:
    default = storages["default"] if "default" in storages.backends else None
    public = [default.location] if isinstance(default, FileSystemStorage) else []
    if settings.MEDIA_ROOT:
        public.append(str(settings.MEDIA_ROOT))
    location = Path(storage.location).resolve()
    return any(location.is_relative_to(Path(folder).resolve()) for folder in public)
