"""The web site of an account: the small number that all its traffic hangs on."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import get_account_model_string


class Site(models.Model):
    """Traffic of one account.

    Hits refer to this row and not to the account itself: its key takes a byte or two where the account's takes up to
    32, twice per hit.
    """

    account = models.OneToOneField(
        get_account_model_string(),
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Whose traffic this is."),
    )
    hosts = models.JSONField(
        _("hosts"),
        default=list,
        blank=True,
        help_text=_('The account’s own host names without “www.”, e.g. ["example.com"]; links from them are internal.'),
    )
    guessed_host = models.CharField(
        _("guessed host"),
        max_length=255,
        blank=True,
        help_text=_("Host whose pages load most assets; taken while no hosts are given, guessed anew by imports."),
    )

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")

    def __str__(self) -> str:
        return ", ".join(self.own_hosts) or str(self.account)

    @property
    def own_hosts(self) -> list[str]:
        """The hosts whose links are internal: those given, else the one guessed, if any."""
        return list(self.hosts) or [host for host in [self.guessed_host] if host]
