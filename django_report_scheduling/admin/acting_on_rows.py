"""Admin actions: each chosen row through a service; what does not fit becomes a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from django_report_scheduling.exceptions import ReportSchedulingError


def act_on_each(
    model_admin: admin.ModelAdmin[Any], request: HttpRequest, rows: Iterable[Model], act: Callable[[Any], object]
) -> None:
    """Call ``act`` with each row and tell how it went; one that cannot be done does not hold up the others."""
    done = 0
    for row in rows:
        try:
            act(row)
        except ReportSchedulingError as error:
            model_admin.message_user(request, f"{row}: {error}", messages.ERROR)
        except ObjectDoesNotExist:
            model_admin.message_user(request, _("%(row)s: it has just been deleted.") % {"row": row}, messages.ERROR)
        else:
            done += 1
    if done:
        model_admin.message_user(request, _("Done: %(number)d.") % {"number": done}, messages.SUCCESS)
