from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import django_report_scheduling.models.deletion
import django_report_scheduling.models.identifiers
from django_report_scheduling.accounts import get_account_model_string


def forget_confirmations(apps: Any, schema_editor: Any) -> None:
    """On the way back: the table of before cannot hold the mails that ask whether somebody wants reports."""
    delivery = apps.get_model("report_scheduling", "Delivery")
    table, column = (
        schema_editor.quote_name(name) for name in (delivery._meta.db_table, delivery._meta.get_field("consent").column)
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} IS NOT NULL")  # noqa: S608  # names of our own table
        if schema_editor.connection.vendor == "postgresql":  # tables with checks to come cannot be altered
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("report_scheduling", "0005_calendar_feeds"),
        migrations.swappable_dependency(get_account_model_string()),
    ]

    operations = [
        migrations.CreateModel(
            name="RecipientConsent",
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
                    "address",
                    models.CharField(
                        help_text="The mail address, as it was first written.", max_length=254, verbose_name="address"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        editable=False,
                        help_text="The address in the form in which all its spellings are the same.",
                        max_length=254,
                        verbose_name="key",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unasked", "Has not been asked"),
                            ("asked", "Has been asked, and has not answered"),
                            ("confirmed", "Wants to receive them"),
                            ("unsubscribed", "Has unsubscribed"),
                            ("bounced", "The mailbox does not exist"),
                            ("complained", "Has reported one as spam"),
                        ],
                        default="unasked",
                        editable=False,
                        help_text="What is known of the person there.",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "nonce",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="What makes a confirmation link good once; empty while there is none.",
                        max_length=43,
                        verbose_name="nonce",
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="When a mail last asked; what other accounts asked decides too.",
                        null=True,
                        verbose_name="asked at",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="When the person there last agreed by the link of a mail that asked.",
                        null=True,
                        verbose_name="confirmed at",
                    ),
                ),
            ],
            options={
                "verbose_name": "recipient consent",
                "verbose_name_plural": "recipient consents",
            },
        ),
        migrations.RemoveConstraint(
            model_name="delivery",
            name="rs_delivery_subject_fits_channel",
        ),
        migrations.AlterField(
            model_name="delivery",
            name="event",
            field=models.CharField(
                choices=[
                    ("report.succeeded", "Report ready"),
                    ("report.failed", "Report failed"),
                    ("report.skipped", "Report skipped"),
                    ("schedule.errored", "Schedule stopped after errors"),
                    ("schedule.paused", "Schedule paused"),
                    ("schedule.reactivated", "Schedule goes on after errors"),
                    ("webhook.ping", "Ping of a webhook"),
                    ("webhook.disabled", "Webhook disabled"),
                    ("recipient.confirmation", "Recipient asked to confirm"),
                ],
                default="report.succeeded",
                help_text="What the target is told.",
                max_length=32,
                verbose_name="event",
            ),
        ),
        migrations.AddField(
            model_name="recipientconsent",
            name="account",
            field=models.ForeignKey(
                help_text="The customer whose reports it is about.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recipient_consents",
                to=get_account_model_string(),
                verbose_name="account",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="consent",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The consent that it asks for.",
                null=True,
                on_delete=django_report_scheduling.models.deletion.delete_along,
                related_name="deliveries",
                to="report_scheduling.recipientconsent",
                verbose_name="consent",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("consent__isnull", False)), fields=["consent", "id"], name="rs_delivery_consent"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "webhook"), ("consent__isnull", True), ("webhook__isnull", False)),
                    models.Q(
                        models.Q(("channel", "webhook"), _negated=True),
                        models.Q(
                            models.Q(
                                ("consent__isnull", True),
                                ("event", "webhook.disabled"),
                                ("report__isnull", True),
                                ("webhook__isnull", False),
                            ),
                            models.Q(
                                ("consent__isnull", False),
                                ("event", "recipient.confirmation"),
                                ("report__isnull", True),
                                ("webhook__isnull", True),
                            ),
                            models.Q(("consent__isnull", True), ("report__isnull", False), ("webhook__isnull", True)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="rs_delivery_subject_fits_channel",
            ),
        ),
        migrations.AddIndex(
            model_name="recipientconsent",
            index=models.Index(fields=["key", "asked_at"], name="rs_consent_asked"),
        ),
        migrations.AddConstraint(
            model_name="recipientconsent",
            constraint=models.UniqueConstraint(fields=("account", "key"), name="rs_consent_once"),
        ),
        migrations.AddConstraint(
            model_name="recipientconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["unasked", "asked", "confirmed", "unsubscribed", "bounced", "complained"])
                ),
                name="rs_consent_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipientconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="rs_consent_has_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="recipientconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "confirmed"), _negated=True), ("confirmed_at__isnull", False), _connector="OR"
                ),
                name="rs_consent_confirmed_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipientconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(("nonce", ""), ("asked_at__isnull", False), _connector="OR"),
                name="rs_consent_link_was_asked",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_confirmations),
    ]
