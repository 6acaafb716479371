from __future__ import annotations

from django.conf import settings
from django.db import migrations, models


def mark_ownerless(apps, schema_editor):
    """Schedules that have no owner so far were set up by the system and go on."""
    schedules = apps.get_model("report_scheduling", "ReportSchedule")._base_manager.using(
        schema_editor.connection.alias
    )
    schedules.filter(created_by=None).update(ownerless=True)


class Migration(migrations.Migration):
    dependencies = [
        ("report_scheduling", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="queued_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When its message was last handed out.",
                null=True,
                verbose_name="queued at",
            ),
        ),
        migrations.AddField(
            model_name="generatedreport",
            name="queued_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When its message was last handed out.",
                null=True,
                verbose_name="queued at",
            ),
        ),
        migrations.AddField(
            model_name="reportschedule",
            name="ownerless",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Set up by the system; without this, a schedule whose owner is gone is paused.",
                verbose_name="ownerless",
            ),
        ),
        migrations.RunPython(mark_ownerless, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="delivery",
            name="event",
            field=models.CharField(
                choices=[
                    ("report.succeeded", "Report ready"),
                    ("schedule.errored", "Schedule stopped after errors"),
                    ("schedule.paused", "Schedule paused"),
                ],
                default="report.succeeded",
                help_text="What the target is told.",
                max_length=32,
                verbose_name="event",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("queued_at__isnull", False), ("status", "pending")),
                fields=["wake_at", "id"],
                name="rs_delivery_handed_out",
            ),
        ),
        migrations.AddIndex(
            model_name="generatedreport",
            index=models.Index(
                condition=models.Q(("status__in", ["pending", "queued", "running"])),
                fields=["account", "status", "wake_at", "id"],
                name="rs_report_account_live",
            ),
        ),
    ]
