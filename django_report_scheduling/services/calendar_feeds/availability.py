"""Whether this site has calendar feeds at all."""

from __future__ import annotations

from django.utils.translation import gettext as _

from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.rendering.calendar import is_library_missing
from django_report_scheduling.services.calendar_feeds.addresses import has_addresses


def require_calendars() -> None:
    """Make sure that this site is set up for calendar feeds.

    :raises WrongState: the library of the extra ``calendar`` is missing, or feeds would have no address.
    """
    require_library()
    if not has_addresses():
        raise WrongState(
            _(
                "This site has no calendar feeds. Its operators have to set BASE_URL and to include "
                "django_report_scheduling.pages.urls."
            )
        )


def require_library() -> None:
    """Make sure that calendars can be written.

    :raises WrongState: the library of the extra ``calendar`` is missing.
    """
    if is_library_missing():
        raise WrongState(
            _("This site has no calendar feeds. Its operators have to run: %(command)s")
            % {"command": "pip install 'django-report-scheduling[calendar]'"}
        )
