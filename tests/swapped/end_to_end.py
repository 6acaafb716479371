"""One report of a customer, from the schedule to the mail, in a process of its own."""

from __future__ import annotations

import datetime as dt

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402  # after setup
from django.core import mail  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from django_report_scheduling.access.models import AccountUserPermission  # noqa: E402
from django_report_scheduling.access.roles import accounts_managed_by, grant  # noqa: E402
from django_report_scheduling.accounts import get_account_model  # noqa: E402
from django_report_scheduling.choices import DeliveryStatus, ReportStatus, Role  # noqa: E402
from django_report_scheduling.models import AuditEvent, GeneratedReport, ReportFile  # noqa: E402
from django_report_scheduling.services.delivering import deliver  # noqa: E402
from django_report_scheduling.services.delivery_queueing import queue_due_deliveries  # noqa: E402
from django_report_scheduling.services.expansion import expand_due_schedules  # noqa: E402
from django_report_scheduling.services.generation import generate_report  # noqa: E402
from django_report_scheduling.services.queueing import queue_due_reports  # noqa: E402
from django_report_scheduling.services.schedules import create_schedule  # noqa: E402

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DUE = dt.datetime(2026, 3, 2, 7, tzinfo=dt.UTC)

call_command("migrate", verbosity=0)
mail.outbox = []

customer = get_account_model()._default_manager.create(
    name="Acme", slug="acme", customer_number="C-1", allowed_recipient_domains=["acme.example"]
)
assert type(customer).__name__ == "Customer"
assert isinstance(customer.pk, int)

manager = get_user_model().objects.create_user("manager", "manager@elsewhere.example")
grant(account=customer, holder=manager, role=Role.ACCOUNT_MANAGER)
assert list(accounts_managed_by(manager)) == [customer]
assert AccountUserPermission.objects.count() == 2

create_schedule(
    account=customer, actor=manager, now=NOW, name="Weekly", report_type="sample", formats=["json", "csv"],
    frequency="weekly", day_of_week=0, time_of_day=dt.time(8), timezone="Europe/Berlin",
    recipients=["jane@acme.example", "manager@elsewhere.example"],
)  # fmt: skip
assert expand_due_schedules(now=DUE, limit=10) == 1
(message,) = queue_due_reports(now=DUE, limit=10)
assert generate_report(report_id=message.id, attempt=message.attempt, clock=lambda: DUE) == ReportStatus.SUCCEEDED
for delivery in queue_due_deliveries(now=DUE, limit=10):
    assert deliver(delivery_id=delivery.id, attempt=delivery.attempt, clock=lambda: DUE) == DeliveryStatus.SENT

report = GeneratedReport.objects.get()
assert report.account == customer
assert all(file.key.startswith(f"reports/{customer.pk}/") for file in ReportFile.objects.all())
assert set(AuditEvent.objects.values_list("account_id", flat=True)) == {str(customer.pk)}
assert sorted(message.to[0] for message in mail.outbox) == ["jane@acme.example", "manager@elsewhere.example"]
assert all(len(message.attachments) == 2 for message in mail.outbox)

root = get_user_model().objects.create_superuser("root")
client = Client(headers={"host": "localhost"})
client.force_login(root)
for name in ("reportschedule", "generatedreport", "auditevent"):
    assert client.get(f"/admin/report_scheduling/{name}/").status_code == 200, name
assert client.get("/admin/report_scheduling/account/").status_code == 404
assert client.get(f"/admin/report_scheduling/generatedreport/{report.pk}/change/").status_code == 200

customer.delete()
assert not AccountUserPermission.objects.exists()
assert not GeneratedReport.objects.exists()
print("sent", len(mail.outbox))  # noqa: T201  # read by the test
