"""Links of ours to a file, for storages that sign none: for one person, for a short time, and checked when followed."""

from __future__ import annotations

from typing import Any, Final, cast

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, reverse

from django_report_scheduling.access.visibility import visible_files
from django_report_scheduling.choices import ReportStatus
from django_report_scheduling.models import ReportFile
from django_report_scheduling.services.link_life import url_life

SALT: Final = "report_scheduling.file"
NAMESPACE: Final = "report_scheduling_api"


def file_link(file: ReportFile, reader: AbstractUser, *, namespace: str = NAMESPACE) -> str:
    """Return the path, without scheme and host, of a link to a file for one person.

    :param namespace: of our URLs where the project has included them; inside others it has theirs before it.

    :raises ImproperlyConfigured: the project does not include the URLs of our API.
    """
    token = signing.dumps({"f": str(file.pk), "p": str(reader.pk)}, salt=SALT)
    try:
        return reverse(f"{namespace}:file", args=[token])
    except NoReverseMatch as error:
        msg = 'Files are handed out under our URLs: add path("api/v1/", include("django_report_scheduling.api.urls")).'
        raise ImproperlyConfigured(msg) from error


def resolve_file_link(token: str, *, asking: Any) -> ReportFile | None:
    """Return the file that a link stands for, or ``None`` when the link is not, or no longer, good.

    :param asking: who follows it, as far as the request tells: a link is of no use to somebody else who is logged in.
    """
    # Asked for whatever the link is: it reads the session, which the answer then varies on.
    visitor = asking.pk if getattr(asking, "is_authenticated", False) else None
    claim = _claim(token)
    if claim is None:
        return None
    people = get_user_model()._default_manager.filter(pk=claim["p"], is_active=True)
    reader = cast("AbstractUser | None", people.first())
    if reader is None or visitor not in {None, reader.pk}:
        return None
    files = visible_files(reader).filter(pk=claim["f"], report__status=ReportStatus.SUCCEEDED)
    return files.select_related("report").first()


def _claim(token: str) -> dict[str, Any] | None:
    try:
        claim = signing.loads(token, salt=SALT, max_age=url_life())
    except signing.BadSignature:
        return None
    return claim if isinstance(claim, dict) and {"f", "p"} <= claim.keys() else None
