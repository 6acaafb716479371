"""Whether this site sends webhooks at all."""

from __future__ import annotations

from django.utils.translation import gettext as _

from django_report_scheduling.conf import conf
from django_report_scheduling.delivery import channels
from django_report_scheduling.delivery.webhook.libraries import missing_libraries
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models.delivery import WEBHOOK


def require_webhooks() -> None:
    """Make sure that this site is set up for webhooks.

    :raises WrongState: its ``CHANNELS`` have no ``webhook``, it has no ``SECRET_KEYS``, or not the libraries of the
        extra ``webhooks``.
    """
    if WEBHOOK not in channels or not conf.SECRET_KEYS:
        raise WrongState(
            _("This site sends no webhooks. Its operators have to set SECRET_KEYS and the channel “%(channel)s”.")
            % {"channel": WEBHOOK}
        )
    if missing_libraries():
        raise WrongState(
            _("This site sends no webhooks. Its operators have to run: %(command)s")
            % {"command": "pip install 'django-report-scheduling[webhooks]'"}
        )
