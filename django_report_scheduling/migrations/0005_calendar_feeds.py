from __future__ import annotations

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import django_report_scheduling.models.identifiers
from django_report_scheduling.accounts import get_account_model_string


class Migration(migrations.Migration):
    dependencies = [
        ("report_scheduling", "0004_webhooks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(get_account_model_string()),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=django_report_scheduling.models.identifiers.new_id,
                        editable=False,
                        help_text="Time-ordered identifier (UUIDv7).",
                        primary_key=True,
                        serialize=False,
                        verbose_name="id",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        auto_now_add=True, help_text="When the row was made.", verbose_name="created at"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        auto_now=True, help_text="When the row last changed.", verbose_name="updated at"
                    ),
                ),
                (
                    "nonce",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="Random part of the address; renewed with it.",
                        verbose_name="nonce",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        help_text="The customer whose runs it shows; empty for all accounts that the owner may see.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=get_account_model_string(),
                        verbose_name="account",
                    ),
                ),
                (
                    "of_all_accounts",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(account__isnull=True, then=models.Value(value=True)),
                            default=models.Value(None),
                        ),
                        help_text="True without an account, otherwise empty: rows without one count as equal by it.",
                        output_field=models.BooleanField(null=True),
                        verbose_name="of all accounts",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose calendar it is; it shows what this person may see at that moment.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "account"), name="rs_calendar_once_per_account"),
                    models.UniqueConstraint(fields=("owner", "of_all_accounts"), name="rs_calendar_once_for_all"),
                ],
            },
        ),
    ]
