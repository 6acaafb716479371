"""Schedules in the admin, checked and saved by the same services as everywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import JSONField, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from django_report_scheduling.access.roles import is_administrator
from django_report_scheduling.admin.account_scope import AccountScopeMixin, acting
from django_report_scheduling.admin.acting_on_rows import act_on_each
from django_report_scheduling.exceptions import LimitReached, ReportSchedulingError, ValidationFailed
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.recurrence import next_slot
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.report_requests import run_now
from django_report_scheduling.services.schedule_limit import require_room
from django_report_scheduling.services.schedule_states import pause_schedule, reactivate_schedule, resume_schedule
from django_report_scheduling.services.schedule_validation import clean_schedule
from django_report_scheduling.services.schedules import (
    TIMING_FIELDS,
    create_schedule,
    delete_schedule,
    update_schedule,
)
from django_report_scheduling.services.state_texts import state_text
from django_report_scheduling.tasks.broker import BRIEF
from django_report_scheduling.tasks.publishing import dispatch_report

EDITABLE = (
    "name", "report_type", "parameters", "formats", "frequency", "day_of_week", "day_of_month", "time_of_day",
    "timezone", "recurrence", "starts_at", "ends_at", "recipients", "misfire_policy", "misfire_grace",
)  # fmt: skip
SYSTEM_OWNED = ("state", "why", "next_run", "last_run_at", "consecutive_failures", "created_by")

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    ModelAdmin = admin.ModelAdmin[ReportSchedule]
    ModelForm = forms.ModelForm[ReportSchedule]
else:
    ModelAdmin = admin.ModelAdmin
    ModelForm = forms.ModelForm


class ReportScheduleForm(ModelForm):
    """Says in the form what the services would refuse."""

    class Meta:
        model = ReportSchedule
        fields = ("account", *EDITABLE)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # Django's own hook after the instance is built; the stubs leave it out
        if self.errors:
            return
        try:
            clean_schedule(self.instance)
            if self.instance._state.adding:
                require_room(self.instance.account)
        except ValidationFailed as error:
            for name, texts in error.errors.items():
                field = name.partition(".")[0]
                self.add_error(field if field in self.fields else None, texts)
        except LimitReached as error:
            self.add_error("account", str(error))
        else:
            self._require_next_run()

    def _get_validation_exclusions(self) -> set[str]:
        # Django's own checks of the row are left out: clean_schedule makes them too, and says at which field a rule of
        # the database is broken.
        return {field.name for field in self.instance._meta.fields}

    def _require_next_run(self) -> None:
        timing_is_set = self.instance._state.adding or TIMING_FIELDS.intersection(self.changed_data)
        if timing_is_set and next_slot(self.instance.as_recurrence(), after=database_now()) is None:
            self.add_error("ends_at", _("The schedule would never run: no slot lies between now and its end."))


@admin.register(ReportSchedule)
class ReportScheduleAdmin(AccountScopeMixin, ModelAdmin):
    """When, what, for which account, to whom."""

    actions = ("pause", "resume", "reactivate", "run_once")
    form = ReportScheduleForm
    list_display = ("name", "account", "report_type", "frequency", "state", "next_run", "last_run_at")
    list_filter = ("state", "frequency", "report_type")
    list_select_related = ("account",)
    search_fields = ("name", "=id")
    readonly_fields = (*SYSTEM_OWNED,)
    formfield_overrides: ClassVar = {JSONField: {"widget": forms.Textarea(attrs={"rows": 3})}}

    @admin.display(description=_lazy("reason"), empty_value="–")
    def why(self, schedule: ReportSchedule) -> str:
        """Why the schedule is in its state, in words."""
        return state_text(schedule)

    @admin.display(description=_lazy("next run"), ordering="next_run_at")
    def next_run(self, schedule: ReportSchedule) -> str:
        """The next due slot; none while the schedule does not run, whatever it was waiting for when it stopped."""
        # Django writes a datetime of a method in ISO 8601 and UTC on the single page, and as here in the list.
        return str(localize(localtime(schedule.next_run_at))) if schedule.active else "–"

    def get_fields(self, request: HttpRequest, obj: ReportSchedule | None = None) -> tuple[str, ...]:  # noqa: ARG002  # Django's signature
        """Show of a schedule that exists how it stands first: whoever opens one that stopped looks for the reason."""
        return (*SYSTEM_OWNED, "account", *EDITABLE) if obj else ("account", *EDITABLE)

    def get_readonly_fields(self, request: HttpRequest, obj: ReportSchedule | None = None) -> tuple[str, ...]:  # noqa: ARG002  # Django's signature
        """The account is chosen once; a schedule never moves to another."""
        return (*SYSTEM_OWNED, "account") if obj else SYSTEM_OWNED

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, or save it; what became impossible since the page was shown is told as a message."""
        return self._answer(request, partial(super().changeform_view, request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for confirmation, or delete; as above."""
        return self._answer(request, partial(super().delete_view, request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, or act on rows of it; as above."""
        return self._answer(request, partial(super().changelist_view, request, *args, **kwargs))

    def save_model(self, request: HttpRequest, obj: ReportSchedule, form: Any, change: bool) -> None:  # noqa: FBT001  # Django's signature
        """Save through the services, which keep the limit, plan the next run and write the record."""
        fields: dict[str, Any] = {name: getattr(obj, name) for name in EDITABLE if name in form.cleaned_data}
        actor = acting(request)
        if change:
            saved = update_schedule(schedule_id=obj.pk, actor=actor, now=database_now(), **fields)
        else:
            saved = create_schedule(account=obj.account, actor=actor, now=database_now(), **fields)
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, request: HttpRequest, obj: ReportSchedule) -> None:
        """Delete through the service, which cancels what has not been sent."""
        delete_schedule(schedule_id=obj.pk, actor=acting(request), now=database_now())

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete each through the service."""
        for schedule in queryset:
            self.delete_model(request, schedule)

    def has_administer_permission(self, request: HttpRequest) -> bool:
        """Whether the person may let schedules go on that errors stopped."""
        return self.has_change_permission(request) and is_administrator(acting(request))

    @admin.action(description=_lazy("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[ReportSchedule]) -> None:
        """Stop active schedules until they are resumed."""
        self._move(request, queryset, pause_schedule)

    @admin.action(description=_lazy("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[ReportSchedule]) -> None:
        """Let paused schedules go on; one whose owner is gone becomes the person's own."""
        self._move(request, queryset, resume_schedule)

    @admin.action(description=_lazy("Reactivate after errors"), permissions=["administer"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[ReportSchedule]) -> None:
        """Let schedules go on that errors stopped."""
        self._move(request, queryset, reactivate_schedule)

    @admin.action(description=_lazy("Run now"), permissions=["change"])
    def run_once(self, request: HttpRequest, queryset: QuerySet[ReportSchedule]) -> None:
        """Make a report of the newest complete period now."""

        def act(schedule: ReportSchedule) -> None:
            report = run_now(schedule=schedule, actor=acting(request), now=database_now())
            transaction.on_commit(partial(dispatch_report, report.pk, patience=BRIEF))

        act_on_each(self, request, queryset.select_related("account"), act)

    def _answer(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            return view()
        except ReportSchedulingError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def _move(self, request: HttpRequest, queryset: QuerySet[ReportSchedule], verb: Callable[..., object]) -> None:
        act_on_each(
            self,
            request,
            queryset,
            lambda schedule: verb(schedule_id=schedule.pk, actor=acting(request), now=database_now()),
        )
