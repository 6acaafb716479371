"""Webhook endpoints in the admin: to look at, to ping and to stop. Their secrets are not here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.access.roles import is_administrator
from django_report_scheduling.admin.account_scope import AccountScopeMixin, acting
from django_report_scheduling.admin.acting_on_rows import act_on_each
from django_report_scheduling.admin.read_only import ReadOnlyMixin
from django_report_scheduling.models import WebhookEndpoint
from django_report_scheduling.services.clock import database_now
from django_report_scheduling.services.webhooks.pings import ping_webhook
from django_report_scheduling.services.webhooks.states import disable_webhook, reactivate_webhook
from django_report_scheduling.tasks.broker import BRIEF
from django_report_scheduling.tasks.publishing import dispatch_deliveries_to

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    ModelAdmin = admin.ModelAdmin[WebhookEndpoint]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnlyMixin, AccountScopeMixin, ModelAdmin):
    """The receivers of the accounts that the person manages.

    Of the URL only the host is shown, as the rest may hold a token; with the API its managers see all of it. The
    actions need the model permission to change webhooks.
    """

    actions = ("ping", "disable", "reactivate")
    list_display = ("__str__", "host", "account", "state", "state_reason", "consecutive_failures")
    list_filter = ("state", "state_reason")
    list_select_related = ("account",)
    search_fields = ("=id", "description")
    fields = (
        "account", "host", "description", "events", "state", "state_reason", "consecutive_failures",
        "previous_secret_expires_at", "created_by", "created_at", "updated_at",
    )  # fmt: skip
    readonly_fields = ("host",)
    ordering = ("-id",)

    @admin.display(description=_("host"))
    def host(self, endpoint: WebhookEndpoint) -> str:
        """Name of the receiver."""
        return endpoint.host

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Whether the person may let the services act on endpoints; no form changes one."""
        return acting(request).has_perm("report_scheduling.change_webhookendpoint")

    def has_administer_permission(self, request: HttpRequest) -> bool:
        """Whether the person may let endpoints go on that were disabled."""
        return self.has_operate_permission(request) and is_administrator(acting(request))

    @admin.action(description=_("Ping"), permissions=["operate"])
    def ping(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Send a test event."""
        self._act(request, queryset, ping_webhook)

    @admin.action(description=_("Disable"), permissions=["operate"])
    def disable(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Send nothing more until an administrator reactivates it."""
        self._act(request, queryset, disable_webhook)

    @admin.action(description=_("Reactivate"), permissions=["administer"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Let disabled endpoints go on once they have answered a ping."""
        self._act(request, queryset, reactivate_webhook)

    def _act(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint], verb: Callable[..., object]) -> None:
        def act(endpoint: WebhookEndpoint) -> None:
            verb(webhook_id=endpoint.pk, actor=acting(request), now=database_now())
            transaction.on_commit(partial(dispatch_deliveries_to, endpoint.pk, patience=BRIEF))

        act_on_each(self, request, queryset, act)
