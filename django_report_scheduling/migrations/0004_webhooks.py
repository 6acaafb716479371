from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import django_report_scheduling.models.deletion
import django_report_scheduling.models.identifiers
from django_report_scheduling.accounts import get_account_model_string


def forget_webhooks(apps: Any, schema_editor: Any) -> None:
    """On the way back: the tables of before cannot hold what was told to, or about, webhooks."""
    attempts, deliveries = (
        schema_editor.quote_name(apps.get_model("report_scheduling", name)._meta.db_table)
        for name in ("DeliveryAttempt", "Delivery")
    )
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {attempts}")  # noqa: S608  # names of our own tables
        cursor.execute(f"DELETE FROM {deliveries} WHERE webhook_id IS NOT NULL")  # noqa: S608  # as above
        if schema_editor.connection.vendor == "postgresql":  # tables with checks to come cannot be altered
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("report_scheduling", "0003_timeline_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        migrations.swappable_dependency(get_account_model_string()),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="payload",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="What a webhook is told, as it was when it happened; empty for other channels.",
                verbose_name="payload",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="schedule",
            field=models.ForeignKey(
                blank=True,
                help_text="The schedule it is about, where it is about no report.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="report_scheduling.reportschedule",
                verbose_name="schedule",
            ),
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
                ],
                default="report.succeeded",
                help_text="What the target is told.",
                max_length=32,
                verbose_name="event",
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="report",
            field=models.ForeignKey(
                blank=True,
                help_text="The report it is about.",
                null=True,
                on_delete=django_report_scheduling.models.deletion.delete_along,
                related_name="deliveries",
                to="report_scheduling.generatedreport",
                verbose_name="report",
            ),
        ),
        migrations.CreateModel(
            name="DeliveryAttempt",
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
                    "number",
                    models.PositiveIntegerField(
                        help_text="Which claim of the delivery it was, counted from 1.", verbose_name="attempt"
                    ),
                ),
                ("at", models.DateTimeField(help_text="When it had ended.", verbose_name="at")),
                (
                    "outcome",
                    models.CharField(
                        help_text="Code of how it ended, of a fixed set.", max_length=32, verbose_name="outcome"
                    ),
                ),
                (
                    "answer",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="HTTP status of the answer; empty without one.",
                        null=True,
                        verbose_name="answer",
                    ),
                ),
                (
                    "duration_ms",
                    models.PositiveIntegerField(
                        help_text="How long it took, in milliseconds.", verbose_name="duration"
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        db_index=False,
                        help_text="What was to be brought.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="report_scheduling.delivery",
                        verbose_name="delivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery attempt",
                "verbose_name_plural": "delivery attempts",
                "ordering": ["delivery", "number"],
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
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
                    "url",
                    models.CharField(
                        help_text="HTTPS address that events are posted to.", max_length=2048, verbose_name="URL"
                    ),
                ),
                ("events", models.JSONField(default=list, help_text="What it is told of.", verbose_name="events")),
                (
                    "description",
                    models.CharField(blank=True, help_text="For people.", max_length=200, verbose_name="description"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for its first answer"),
                            ("active", "Active"),
                            ("disabled", "Disabled"),
                        ],
                        default="pending",
                        editable=False,
                        help_text="Events go out only while it is active; it becomes so by answering a ping.",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                (
                    "state_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("failures", "Too many deliveries in a row failed."),
                            ("gone", "The receiver answered that it is gone for good (410)."),
                            ("by_hand", "Somebody disabled it."),
                        ],
                        editable=False,
                        help_text="Why it is disabled.",
                        max_length=16,
                        verbose_name="reason",
                    ),
                ),
                (
                    "secret",
                    models.TextField(
                        editable=False, help_text="What messages are signed with, encrypted.", verbose_name="secret"
                    ),
                ),
                (
                    "previous_secret",
                    models.TextField(
                        blank=True,
                        editable=False,
                        help_text="The one before, while it still signs too.",
                        verbose_name="previous secret",
                    ),
                ),
                (
                    "previous_secret_expires_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        help_text="Until when the previous secret signs too.",
                        null=True,
                        verbose_name="previous secret expires at",
                    ),
                ),
                (
                    "consecutive_failures",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="Deliveries in a row that failed for good through the receiver's fault.",
                        verbose_name="consecutive failures",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        help_text="The customer who is told.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to=get_account_model_string(),
                        verbose_name="account",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who set it up, and is told when it is disabled.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook endpoint",
                "verbose_name_plural": "webhook endpoints",
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="webhook",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The webhook that it goes to, or that it is about.",
                null=True,
                on_delete=django_report_scheduling.models.deletion.delete_along,
                related_name="deliveries",
                to="report_scheduling.webhookendpoint",
                verbose_name="webhook",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("webhook__isnull", False)), fields=["webhook", "id"], name="rs_delivery_webhook"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("report__isnull", True)), fields=["created_at"], name="rs_delivery_no_report"
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", "webhook"), ("webhook__isnull", False)),
                    models.Q(
                        models.Q(("channel", "webhook"), _negated=True),
                        ("event", "webhook.disabled"),
                        ("report__isnull", True),
                        ("webhook__isnull", False),
                    ),
                    models.Q(
                        models.Q(("channel", "webhook"), _negated=True),
                        ("report__isnull", False),
                        ("webhook__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="rs_delivery_subject_fits_channel",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("report__isnull", True), ("schedule__isnull", True), _connector="OR"),
                name="rs_delivery_report_or_schedule",
            ),
        ),
        migrations.AddConstraint(
            model_name="deliveryattempt",
            constraint=models.UniqueConstraint(fields=("delivery", "number"), name="rs_attempt_once"),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "active", "disabled"])), name="rs_webhook_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "disabled"), ("state_reason__in", ["failures", "gone", "by_hand"])),
                    models.Q(models.Q(("state", "disabled"), _negated=True), ("state_reason", "")),
                    _connector="OR",
                ),
                name="rs_webhook_disabled_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("url__startswith", "https://")), name="rs_webhook_https"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("secret", ""), _negated=True), name="rs_webhook_has_secret"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("previous_secret", ""), ("previous_secret_expires_at__isnull", True)),
                    models.Q(
                        models.Q(("previous_secret", ""), _negated=True), ("previous_secret_expires_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="rs_webhook_previous_secret_expires",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_webhooks),
    ]
