"""Calendar feeds in the admin: to see who has one, and to take it away. Their addresses are not here."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from django_report_scheduling.access.roles import is_administrator
from django_report_scheduling.admin.account_scope import AccountScopeMixin, acting
from django_report_scheduling.exceptions import ReportSchedulingError
from django_report_scheduling.models import CalendarFeed
from django_report_scheduling.services.calendar_feeds.feeds import delete_calendar_feed
from django_report_scheduling.services.clock import database_now

if TYPE_CHECKING:  # Django's classes take type parameters only in their stubs
    ModelAdmin = admin.ModelAdmin[CalendarFeed]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(CalendarFeed)
class CalendarFeedAdmin(AccountScopeMixin, ModelAdmin):
    """The feeds of the accounts that the person manages; administrators see those of all accounts too.

    Deleting one is what revokes its address. Nobody is refused it here who has the model permission, as Django would
    then refuse to delete people who have a feed.
    """

    list_display = ("owner", "account", "created_at", "updated_at")
    list_select_related = ("owner", "account")
    search_fields = ("=id",)
    fields = ("owner", "account", "created_at", "updated_at")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CalendarFeed]:
        """Leave out the feeds of other accounts, and those of all accounts but for administrators."""
        if is_administrator(acting(request)):
            return admin.ModelAdmin.get_queryset(self, request)
        return super().get_queryset(request)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        """Nobody adds: everybody sets up their own, over the API."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  # as above
        """Nobody changes."""
        return False

    def delete_model(self, request: HttpRequest, obj: CalendarFeed) -> None:
        """Delete through the service, which writes it down; one that somebody else has just deleted is as good."""
        with suppress(CalendarFeed.DoesNotExist):
            delete_calendar_feed(feed_id=obj.pk, actor=acting(request), now=database_now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[CalendarFeed]) -> None:
        """Delete each through the service."""
        for feed in queryset:
            self.delete_model(request, feed)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask for confirmation, or delete; what became impossible since the page was shown is told as a message."""
        return self._answer(request, partial(super().delete_view, request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, or delete rows of it; as above."""
        return self._answer(request, partial(super().changelist_view, request, *args, **kwargs))

    def _answer(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            return view()
        except ReportSchedulingError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
