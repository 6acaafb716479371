"""Calendar feeds as JSON, with the address, which is for their owner alone."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from django_report_scheduling.api.account_field import VisibleAccountField
from django_report_scheduling.api.strict_serializers import StrictModelSerializer
from django_report_scheduling.models import CalendarFeed
from django_report_scheduling.services.calendar_feeds.addresses import calendar_url


class CalendarFeedSerializer(StrictModelSerializer[CalendarFeed]):
    """A feed of the person who asks."""

    account = VisibleAccountField(
        allow_null=True,
        help_text=_("The customer whose coming runs it shows; null for all accounts that you may see at that moment."),
    )
    account_name = serializers.SerializerMethodField(
        help_text=_("Name of the account; null where there is none, or you do not see it any more.")
    )
    url = serializers.SerializerMethodField(
        help_text=_("Address to subscribe to. Whoever knows it reads the calendar; renew it where that got about.")
    )

    class Meta:
        model = CalendarFeed
        fields: ClassVar = ["id", "account", "account_name", "url", "created_at", "updated_at"]

    def get_account_name(self, feed: CalendarFeed) -> str | None:
        """Return the name; a row that was just made comes without a look at the role, which was there a moment ago."""
        return feed.account.name if feed.account is not None and getattr(feed, "account_seen", True) else None

    def get_url(self, feed: CalendarFeed) -> str:
        """Return the address; empty where this site is not set up for any (any more)."""
        return calendar_url(feed)
