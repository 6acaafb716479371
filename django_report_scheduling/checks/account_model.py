"""The account model: the default one, or the host's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from django_report_scheduling.accounts import ACCOUNT_MODEL_SETTING, DEFAULT_ACCOUNT_MODEL, get_account_model
from django_report_scheduling.models import AbstractAccount


def check_account_model(**_kwargs: Any) -> Sequence[CheckMessage]:
    """E010: there is no such model. E011: it is not an account. E012: it lost the permissions that carry the roles."""
    try:
        model = get_account_model()
    except ImproperlyConfigured as error:
        return [
            Error(
                str(error),
                hint=f'Set {ACCOUNT_MODEL_SETTING} = "{DEFAULT_ACCOUNT_MODEL}", or name a model of an installed app.',
                id="report_scheduling.E010",
            )
        ]
    if not issubclass(model, AbstractAccount):
        return [
            Error(
                f"{ACCOUNT_MODEL_SETTING} names {model._meta.label}, which is not an account.",
                hint="Let it inherit from django_report_scheduling.models.AbstractAccount, then migrate.",
                obj=model,
                id="report_scheduling.E011",
            )
        ]
    return _permission_messages(model)


def _permission_messages(model: type[AbstractAccount]) -> Sequence[CheckMessage]:
    wanted = [codename for codename, _label in AbstractAccount.Meta.permissions]
    held = {codename for codename, _label in model._meta.permissions}
    lost = [codename for codename in wanted if codename not in held]
    if not lost:
        return []
    return [
        Error(
            f"The account model lacks the permissions {' and '.join(lost)}, so nobody can be given a role.",
            hint=(
                "Declare its Meta as `class Meta(AbstractAccount.Meta)`, and where it sets `permissions` itself as "
                "`[*AbstractAccount.Meta.permissions, …]`; then run makemigrations and migrate."
            ),
            obj=model,
            id="report_scheduling.E012",
        )
    ]
