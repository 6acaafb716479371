"""What a visit is meant to lead to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from django_report_scheduling.accounts import get_account_model_string
from django_report_scheduling.contrib.web_analytics.path_pattern import validate_path_pattern


class Goal(models.Model):
    """A page, or a family of pages, that counts as a success when a visit reaches it.

    Goals in the order of their position are the steps of the funnel.
    """

    account = models.ForeignKey(
        get_account_model_string(),
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("account"),
        help_text=_("Whose goal this is."),
    )
    key = models.SlugField(_("key"), max_length=50, help_text=_("Short stable name, unique within the account."))
    name = models.CharField(_("name"), max_length=100, help_text=_("Printed in reports."))
    path_pattern = models.CharField(
        _("path pattern"),
        max_length=500,
        validators=[validate_path_pattern],
        help_text=_("Path that reaches the goal, from “/” on, without query; “*” stands for any text."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Place in the funnel, smallest first.")
    )

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering: ClassVar = ["account", "position", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "key"], name="web_analytics_goal_key"),
            models.CheckConstraint(
                condition=models.Q(path_pattern__startswith="/") | models.Q(path_pattern__startswith="*"),
                name="web_analytics_goal_pattern",
                violation_error_message=_("A path pattern begins with “/” or “*”."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
