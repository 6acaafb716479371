"""Accounts in the admin; a host with its own Account model registers that itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.admin.account_scope import AccountScopeMixin, acting
from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.models import Account, GeneratedReport, WebhookEndpoint
from django_report_scheduling.services.accounts import delete_account
from django_report_scheduling.services.clock import database_now

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    ModelAdmin = admin.ModelAdmin[Account]
else:
    ModelAdmin = admin.ModelAdmin


class AccountAdmin(AccountScopeMixin, ModelAdmin):
    """The customer: name, brand, who may receive its reports."""

    account_path = "pk__in"
    list_display = ("name", "slug", "locale", "active")
    list_filter = ("active",)
    search_fields = ("name", "slug")
    prepopulated_fields: ClassVar = {"slug": ["name"]}

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Let superusers delete an account with its reports and webhooks, which nobody may delete one by one here."""
        rows, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        if acting(request).is_superuser:
            forbidden = set(forbidden) - {model._meta.verbose_name for model in (GeneratedReport, WebhookEndpoint)}
        return rows, counts, forbidden, protected

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Leave it to :meth:`delete_model`: Django would log before the storage has let the files go."""

    def delete_model(self, request: HttpRequest, obj: Account) -> None:
        """Delete through the service, which takes the stored files along, and log it."""
        delete_account(account_id=obj.pk, actor=acting(request), now=database_now())
        super().log_deletions(request, [obj])  # type: ignore[arg-type]  # Django's own call passes a list too

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete each through the service."""
        for account in queryset:
            self.delete_model(request, account)

    @method_decorator(csrf_protect)
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ask, or delete; what the storage does not let go is told as a message.

        Not in one transaction, as Django would do it: the rows would stay locked as long as the storage takes.
        """
        try:
            return self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined,no-any-return]  # missing in the stubs
        except ReportSchedulingError as error:
            return self._told(request, error)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, or act on chosen rows, with errors told likewise."""
        try:
            return super().changelist_view(request, *args, **kwargs)
        except ReportSchedulingError as error:
            return self._told(request, error)

    def _told(self, request: HttpRequest, error: ReportSchedulingError) -> HttpResponse:
        self.message_user(request, str(error), messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


# Asked for by name, so that a setting that names no model is explained before a form fails to find it.
if get_account_model() is Account:
    admin.site.register(Account, AccountAdmin)
