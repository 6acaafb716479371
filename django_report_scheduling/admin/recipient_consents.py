"""What the people at the addresses have said, in the admin: to look at, and to ask them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.admin.account_scope import AccountScopeMixin, acting
from django_report_scheduling.admin.acting_on_rows import act_on_each
from django_report_scheduling.admin.read_only import ReadOnlyMixin
from django_report_scheduling.models import RecipientConsent
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.recipients.asking import ask_recipient

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    ModelAdmin = admin.ModelAdmin[RecipientConsent]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(RecipientConsent)
class RecipientConsentAdmin(ReadOnlyMixin, AccountScopeMixin, ModelAdmin):
    """The addresses of the accounts that the person manages.

    Nobody edits what somebody else has said. When a mail last asked is not shown, as it depends on other accounts too.
    """

    actions = ("ask",)
    list_display = ("address", "account", "state", "updated_at")
    list_filter = ("state",)
    list_select_related = ("account",)
    search_fields = ("=key",)
    fields = ("address", "account", "state", "created_at", "updated_at")
    ordering = ("-id",)

    def has_ask_permission(self, request: HttpRequest) -> bool:
        """Whether the person may have mails sent that ask; no form changes a row."""
        return acting(request).has_perm("report_scheduling.change_recipientconsent")

    @admin.action(description=_("Ask by mail whether they want the reports"), permissions=["ask"])
    def ask(self, request: HttpRequest, queryset: QuerySet[RecipientConsent]) -> None:
        """Send a link to confirm by; seldom, however often somebody chooses this."""

        def act(consent: RecipientConsent) -> None:
            ask_recipient(consent_id=consent.pk, actor=acting(request), now=database_now())

        act_on_each(self, request, queryset, act)
