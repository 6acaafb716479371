"""What hits refer to: pages, referrers, campaigns and user agents.

The key of each row is a hash of its content. The importer therefore knows every key without asking the database, and
two imports at once cannot disagree about one.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.contrib.web_analytics.models.site import Site


class ContentKeyedModel(models.Model):
    """Abstract base: the key is a 64-bit hash of the row's content."""

    id = models.BigIntegerField(_("id"), primary_key=True, help_text=_("64-bit hash of the content."))

    class Meta:
        abstract = True


class SiteContentModel(ContentKeyedModel):
    """Abstract base of content that belongs to one site."""

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="+", verbose_name=_("site"), help_text=_("Whose traffic this is.")
    )

    class Meta:
        abstract = True


class Page(SiteContentModel):
    """A path that was asked for, without its query."""

    path = models.CharField(_("path"), max_length=2000, help_text=_("Path of the request, without the query."))
    asset = models.BooleanField(
        _("asset"), help_text=_("Whether the extension is one that pages load by themselves (style, script, image …).")
    )

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.path


class Referrer(SiteContentModel):
    """A page that linked here, without its query."""

    host = models.CharField(_("host"), max_length=255, help_text=_("Host name in lower case, without “www.”."))
    url = models.CharField(_("URL"), max_length=2000, help_text=_("Scheme, host and path."))

    class Meta:
        verbose_name = _("referrer")
        verbose_name_plural = _("referrers")

    def __str__(self) -> str:
        return self.url


class Campaign(SiteContentModel):
    """The ``utm_*`` parameters of a request, the only part of a query that is kept."""

    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Value of utm_source."))
    medium = models.CharField(_("medium"), max_length=200, blank=True, help_text=_("Value of utm_medium."))
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("Value of utm_campaign."))

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")

    def __str__(self) -> str:
        return " / ".join(part for part in (self.source, self.medium, self.name) if part)


class ClientKind(models.TextChoices):
    """What a user agent was recognised as."""

    BROWSER = "browser", _("Browser")
    UNIDENTIFIED = "unidentified", _("Unidentified")
    PROGRAM = "program", _("Other program")
    BOT = "bot", _("Bot")


class UserAgent(ContentKeyedModel):
    """A user agent and what it was recognised as when it was first seen."""

    text = models.CharField(_("text"), max_length=1000, help_text=_("The header, as sent."))
    family = models.CharField(_("family"), max_length=100, help_text=_("Name of the browser or bot, e.g. “Firefox”."))
    kind = models.CharField(
        _("kind"), max_length=20, choices=ClientKind.choices, help_text=_("What the lists of browsers and bots say.")
    )

    class Meta:
        verbose_name = _("user agent")
        verbose_name_plural = _("user agents")

    def __str__(self) -> str:
        return self.text
