"""The tables of web analytics."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import django_report_scheduling.contrib.web_analytics.path_pattern
from django_report_scheduling.accounts import get_account_model_string


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(get_account_model_string()),
    ]

    operations = [
        migrations.CreateModel(
            name="UserAgent",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        help_text="64-bit hash of the content.", primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                ("text", models.CharField(help_text="The header, as sent.", max_length=1000, verbose_name="text")),
                (
                    "family",
                    models.CharField(
                        help_text="Name of the browser or bot, e.g. “Firefox”.", max_length=100, verbose_name="family"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("browser", "Browser"),
                            ("unidentified", "Unidentified"),
                            ("program", "Other program"),
                            ("bot", "Bot"),
                        ],
                        help_text="What the lists of browsers and bots say.",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
            ],
            options={
                "verbose_name": "user agent",
                "verbose_name_plural": "user agents",
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hosts",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text='The account’s own host names without “www.”, e.g. ["example.com"]; links from them are internal.',
                        verbose_name="hosts",
                    ),
                ),
                (
                    "guessed_host",
                    models.CharField(
                        blank=True,
                        help_text="Host whose pages load most assets; taken while no hosts are given, guessed anew by imports.",
                        max_length=255,
                        verbose_name="guessed host",
                    ),
                ),
                (
                    "account",
                    models.OneToOneField(
                        help_text="Whose traffic this is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=get_account_model_string(),
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "site",
                "verbose_name_plural": "sites",
            },
        ),
        migrations.CreateModel(
            name="Referrer",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        help_text="64-bit hash of the content.", primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "host",
                    models.CharField(
                        help_text="Host name in lower case, without “www.”.", max_length=255, verbose_name="host"
                    ),
                ),
                ("url", models.CharField(help_text="Scheme, host and path.", max_length=2000, verbose_name="URL")),
                (
                    "site",
                    models.ForeignKey(
                        help_text="Whose traffic this is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="web_analytics.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "referrer",
                "verbose_name_plural": "referrers",
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        help_text="64-bit hash of the content.", primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        help_text="Path of the request, without the query.", max_length=2000, verbose_name="path"
                    ),
                ),
                (
                    "asset",
                    models.BooleanField(
                        help_text="Whether the extension is one that pages load by themselves (style, script, image …).",
                        verbose_name="asset",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        help_text="Whose traffic this is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="web_analytics.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "page",
                "verbose_name_plural": "pages",
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        help_text="64-bit hash of the content.", primary_key=True, serialize=False, verbose_name="id"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Value of utm_source.", max_length=200, verbose_name="source"
                    ),
                ),
                (
                    "medium",
                    models.CharField(
                        blank=True, help_text="Value of utm_medium.", max_length=200, verbose_name="medium"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, help_text="Value of utm_campaign.", max_length=200, verbose_name="name"
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        help_text="Whose traffic this is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="web_analytics.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
            },
        ),
        migrations.CreateModel(
            name="Goal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.SlugField(help_text="Short stable name, unique within the account.", verbose_name="key"),
                ),
                ("name", models.CharField(help_text="Printed in reports.", max_length=100, verbose_name="name")),
                (
                    "path_pattern",
                    models.CharField(
                        help_text="Path that reaches the goal, from “/” on, without query; “*” stands for any text.",
                        max_length=500,
                        validators=[django_report_scheduling.contrib.web_analytics.path_pattern.validate_path_pattern],
                        verbose_name="path pattern",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the funnel, smallest first.", verbose_name="position"
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        help_text="Whose goal this is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=get_account_model_string(),
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "goal",
                "verbose_name_plural": "goals",
                "ordering": ["account", "position", "key"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "key"), name="web_analytics_goal_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("path_pattern__startswith", "/"), ("path_pattern__startswith", "*"), _connector="OR"
                        ),
                        name="web_analytics_goal_pattern",
                        violation_error_message="A path pattern begins with “/” or “*”.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unix_time",
                    models.BigIntegerField(help_text="Seconds since 1970-01-01 00:00 UTC.", verbose_name="time"),
                ),
                (
                    "fingerprint",
                    models.BigIntegerField(
                        help_text="Keyed hash of the line and of how often it came before in its file.",
                        verbose_name="fingerprint",
                    ),
                ),
                (
                    "visitor",
                    models.BigIntegerField(
                        help_text="Keyed hash of client address, user agent and the date in the log.",
                        verbose_name="visitor",
                    ),
                ),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        help_text="HTTP status code of the answer.", verbose_name="status"
                    ),
                ),
                ("size", models.BigIntegerField(help_text="Bytes sent, without headers.", verbose_name="size")),
                (
                    "bot",
                    models.BooleanField(
                        help_text="Whether the user agent was recognised as a bot.", verbose_name="bot"
                    ),
                ),
                (
                    "page_view",
                    models.BooleanField(
                        help_text="Whether this is a successful GET of a page by a person, as far as one can tell.",
                        verbose_name="page view",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Empty when the request carried no utm_* parameter.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="web_analytics.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Empty when the request was malformed.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="web_analytics.page",
                        verbose_name="page",
                    ),
                ),
                (
                    "referrer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Empty when the request named none.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="web_analytics.referrer",
                        verbose_name="referrer",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        db_index=False,
                        help_text="Whose traffic this is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="web_analytics.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "user_agent",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        help_text="Empty when the request named none.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="web_analytics.useragent",
                        verbose_name="user agent",
                    ),
                ),
            ],
            options={
                "verbose_name": "hit",
                "verbose_name_plural": "hits",
                "constraints": [
                    models.UniqueConstraint(fields=("site", "unix_time", "fingerprint"), name="web_analytics_hit_once")
                ],
            },
        ),
    ]
