"""The swappable Account: which model it is, found without importing any model.

It works as ``AUTH_USER_MODEL`` does. ``REPORT_SCHEDULING_ACCOUNT_MODEL`` is a flat setting, because
``Meta.swappable`` and migrations can only name a top-level one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from django_report_scheduling.models.account import AbstractAccount

ACCOUNT_MODEL_SETTING: Final = "REPORT_SCHEDULING_ACCOUNT_MODEL"
DEFAULT_ACCOUNT_MODEL: Final = "report_scheduling.Account"


def get_account_model_string() -> str:
    """Return the ``app_label.ModelName`` of the account model.

    Where the host has set nothing, the default is also registered in the settings: a migration and
    ``Meta.swappable`` both read ``settings.REPORT_SCHEDULING_ACCOUNT_MODEL`` and raise AttributeError otherwise.

    :raises ImproperlyConfigured: the setting is malformed.
    """
    if not hasattr(settings, ACCOUNT_MODEL_SETTING):
        setattr(settings, ACCOUNT_MODEL_SETTING, DEFAULT_ACCOUNT_MODEL)
    name = getattr(settings, ACCOUNT_MODEL_SETTING)
    if str(name).count(".") != 1:
        msg = f"{ACCOUNT_MODEL_SETTING} must be of the form 'app_label.ModelName', got {name!r}."
        raise ImproperlyConfigured(msg)
    return cast("str", name)


def get_account_model() -> type[AbstractAccount]:
    """Return the account model, also before all apps have finished loading.

    :raises ImproperlyConfigured: the setting is malformed, or names a model that is not installed.
    """
    name = get_account_model_string()
    try:
        return cast("type[AbstractAccount]", apps.get_model(name, require_ready=False))
    except LookupError as error:
        msg = (
            f"{ACCOUNT_MODEL_SETTING} refers to the model {name!r}, which is not installed. "
            f"Add its app to INSTALLED_APPS or correct the setting."
        )
        raise ImproperlyConfigured(msg) from error
