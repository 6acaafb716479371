"""Every login that was made with a password, and whether its tokens are still good."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _


class RevokeReason(models.TextChoices):
    """Why the tokens of a login were revoked."""

    LOGOUT = "logout", _("logged out")
    REUSE = "reuse", _("a refresh token was used a second time")


class TokenFamily(models.Model):
    """All tokens that stem from one login. Of its refresh tokens only the newest is good, and only once.

    The tokens themselves are not kept, so that nobody who reads the table can log in with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, help_text=_("In every token."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="token_families",
        help_text=_("Who logged in; the tokens go with the user."),
    )
    password_state = models.CharField(
        max_length=128, help_text=_("Keyed hash of the password at the login, as sessions keep it.")
    )
    current = models.UUIDField(unique=True, help_text=_("Identifier of the refresh token that is good."))
    previous = models.UUIDField(null=True, blank=True, help_text=_("Identifier of the one before it."))
    created_at = models.DateTimeField(help_text=_("When the login was made."))
    rotated_at = models.DateTimeField(null=True, blank=True, help_text=_("When the tokens were last refreshed."))
    expires_at = models.DateTimeField(db_index=True, help_text=_("When everybody has to log in again."))
    revoked_at = models.DateTimeField(null=True, blank=True, help_text=_("Since when all of its tokens are dead."))
    revoke_reason = models.CharField(
        max_length=10, choices=RevokeReason, blank=True, help_text=_("Why they are; empty while they are not.")
    )

    class Meta:
        verbose_name = _("token family")
        verbose_name_plural = _("token families")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="tokens_family_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=models.Q(previous__isnull=True, rotated_at__isnull=True)
                | models.Q(previous__isnull=False, rotated_at__isnull=False),
                name="tokens_family_rotated_has_previous",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoke_reason="")
                | models.Q(revoked_at__isnull=False, revoke_reason__in=RevokeReason.values),
                name="tokens_family_revoked_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.id}"

    def has_password_of(self, user: AbstractBaseUser) -> bool:
        """Whether the password is the one of the login; a rotated ``SECRET_KEY`` is no change of it."""
        states = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
        return any(constant_time_compare(self.password_state, state) for state in states)
