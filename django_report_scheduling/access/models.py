"""Where roles are stored: guardian's object permissions with a direct foreign key to the account.

Direct keys are indexed and cascade, so that no permission survives the account or user it was given for. Generic
object permissions do, and come back to life when a key is used again.
"""

from __future__ import annotations

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from django_report_scheduling.accounts import get_account_model_string


class AccountUserPermission(UserObjectPermissionBase):
    """A permission of a user on an account."""

    content_object = models.ForeignKey(get_account_model_string(), on_delete=models.CASCADE, help_text="The account.")

    class Meta(UserObjectPermissionBase.Meta):
        app_label = "report_scheduling"


class AccountGroupPermission(GroupObjectPermissionBase):
    """A permission of a group on an account."""

    content_object = models.ForeignKey(get_account_model_string(), on_delete=models.CASCADE, help_text="The account.")

    class Meta(GroupObjectPermissionBase.Meta):
        app_label = "report_scheduling"
