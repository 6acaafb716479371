"""One request, as one line of an access log tells it."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.contrib.web_analytics.models.dimensions import Campaign, Page, Referrer, UserAgent
from django_report_scheduling.contrib.web_analytics.models.site import Site


class Hit(models.Model):
    """One request. Rows are only ever inserted, by the importer, millions at a time.

    Hence integers wherever possible, one index (the constraint, which leads with the time and so grows at its end),
    and no database constraint or index on what a hit refers to.
    """

    site = models.ForeignKey(
        Site,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="+",
        verbose_name=_("site"),
        help_text=_("Whose traffic this is."),
    )
    unix_time = models.BigIntegerField(_("time"), help_text=_("Seconds since 1970-01-01 00:00 UTC."))
    fingerprint = models.BigIntegerField(
        _("fingerprint"), help_text=_("Keyed hash of the line and of how often it came before in its file.")
    )
    visitor = models.BigIntegerField(
        _("visitor"), help_text=_("Keyed hash of client address, user agent and the date in the log.")
    )
    user_agent = models.ForeignKey(
        UserAgent,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("user agent"),
        help_text=_("Empty when the request named none."),
    )
    page = models.ForeignKey(
        Page,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("page"),
        help_text=_("Empty when the request was malformed."),
    )
    referrer = models.ForeignKey(
        Referrer,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("referrer"),
        help_text=_("Empty when the request named none."),
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("campaign"),
        help_text=_("Empty when the request carried no utm_* parameter."),
    )
    status = models.PositiveSmallIntegerField(_("status"), help_text=_("HTTP status code of the answer."))
    size = models.BigIntegerField(_("size"), help_text=_("Bytes sent, without headers."))
    bot = models.BooleanField(_("bot"), help_text=_("Whether the user agent was recognised as a bot."))
    page_view = models.BooleanField(
        _("page view"), help_text=_("Whether this is a successful GET of a page by a person, as far as one can tell.")
    )

    class Meta:
        verbose_name = _("hit")
        verbose_name_plural = _("hits")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "unix_time", "fingerprint"], name="web_analytics_hit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.status}"

    @property
    def at(self) -> dt.datetime:
        """When the request was made, aware, in UTC."""
        return dt.datetime.fromtimestamp(self.unix_time, tz=dt.UTC)
