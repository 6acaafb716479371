"""Reports in the admin: what ran, what did not, and why."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.access.roles import accounts_managed_by, accounts_visible_to
from django_report_scheduling.admin.account_scope import AccountScopeMixin, acting
from django_report_scheduling.admin.acting_on_rows import act_on_each
from django_report_scheduling.admin.read_only import ReadOnlyInline, ReadOnlyMixin
from django_report_scheduling.exceptions import WrongState
from django_report_scheduling.models import AbstractAccount, Delivery, GeneratedReport, ReportFile
from django_report_scheduling.reports import registry
from django_report_scheduling.services.cancellation import cancel_report
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.report_requests import redeliver, retry_report
from django_report_scheduling.services.state_texts import report_reason_text
from django_report_scheduling.tasks.broker import BRIEF
from django_report_scheduling.tasks.publishing import dispatch_deliveries, dispatch_report

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    ModelAdmin = admin.ModelAdmin[GeneratedReport]
else:
    ModelAdmin = admin.ModelAdmin


class ReportFileInline(ReadOnlyInline):
    """The stored files of a report."""

    model = ReportFile
    fields = readonly_fields = ("name", "format", "size", "sha256")


class DeliveryInline(ReadOnlyInline):
    """What each target got."""

    model = Delivery
    fields = readonly_fields = (
        "event",
        "channel",
        "target",
        "status",
        "attempt",
        "sent_at",
        "error_code",
        "error_message",
    )


@admin.register(GeneratedReport)
class GeneratedReportAdmin(ReadOnlyMixin, AccountScopeMixin, ModelAdmin):
    """One run: status, times, error, files and deliveries.

    Rows are read-only; the actions need the model permission to change reports, and a manager's role on the account.
    """

    actions = ("retry", "redeliver_failed", "cancel")

    list_display = ("report_title", "account", "slot", "trigger", "status", "why", "generation_time_ms")
    list_filter = ("status", "trigger", "report_type")
    list_select_related = ("account",)
    search_fields = ("=id", "=task_id")
    readonly_fields = ("why",)
    fields = (
        "schedule", "account", "report_type", "status", "why", "error_code", "error_message", "trigger", "slot",
        "period_start", "period_end", "timezone", "frequency", "parameters", "formats", "requested_by", "started_at",
        "finished_at", "generation_time_ms", "file_size_bytes", "expires_at",
    )  # fmt: skip
    ordering = ("-slot",)
    inlines = (ReportFileInline, DeliveryInline)

    def accounts_of(self, request: HttpRequest) -> QuerySet[AbstractAccount]:
        """Return the accounts whose reports the person may see."""
        return accounts_visible_to(acting(request))

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Whether the person may let the services act on reports; no form changes one."""
        return acting(request).has_perm("report_scheduling.change_generatedreport")

    @admin.action(description=_("Retry"), permissions=["operate"])
    def retry(self, request: HttpRequest, queryset: QuerySet[GeneratedReport]) -> None:
        """Make reports again that failed, were missed, skipped or cancelled, or lost their files."""

        def act(report: GeneratedReport) -> None:
            retry_report(report_id=report.pk, actor=acting(request), now=database_now())
            transaction.on_commit(partial(dispatch_report, report.pk, patience=BRIEF))

        self._act(request, queryset, act)

    @admin.action(description=_("Redeliver to those who got nothing"), permissions=["operate"])
    def redeliver_failed(self, request: HttpRequest, queryset: QuerySet[GeneratedReport]) -> None:
        """Send finished reports again to the targets that did not get them."""

        def act(report: GeneratedReport) -> None:
            redeliver(report_id=report.pk, actor=acting(request), now=database_now())
            transaction.on_commit(partial(dispatch_deliveries, report.pk, patience=BRIEF))

        self._act(request, queryset, act)

    @admin.action(description=_("Cancel"), permissions=["operate"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[GeneratedReport]) -> None:
        """Cancel reports that have not finished."""
        self._act(
            request,
            queryset,
            lambda report: cancel_report(report_id=report.pk, actor=acting(request), now=database_now()),
        )

    def _act(
        self,
        request: HttpRequest,
        queryset: QuerySet[GeneratedReport],
        act: Callable[[GeneratedReport], None],
    ) -> None:
        managed = set(accounts_managed_by(acting(request)).values_list("pk", flat=True))

        def act_on_managed(report: GeneratedReport) -> None:
            if report.account_id not in managed:
                raise WrongState(gettext("You may look at the reports of this account, but not manage them."))
            act(report)

        act_on_each(self, request, queryset, act_on_managed)

    @admin.display(description=_("reason"), empty_value="–")
    def why(self, report: GeneratedReport) -> str:
        """Why it did not run, or what went wrong last, in words."""
        return report_reason_text(report)

    @admin.display(description=_("report"), ordering="report_type")
    def report_title(self, report: GeneratedReport) -> str:
        """Title of the report type, or its key where that is no longer registered."""
        return registry.title(report.report_type)
