"""Somebody looks after every account that has schedules."""

from __future__ import annotations

from collections.abc import Iterable

from django_report_scheduling.access.models import AccountGroupPermission, AccountUserPermission
from django_report_scheduling.access.roles import MANAGE_REPORTS
from django_report_scheduling.accounts import get_account_model
from django_report_scheduling.models import ReportSchedule
from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe

NAMED = 5


class AccountsProbe(Probe):
    """Looks for accounts with schedules and without a manager."""

    part = "accounts"
    requires = ("database", "migrations")

    def run(self) -> Iterable[Finding]:
        """Yield the accounts that only administrators can manage."""
        held = {"permission__codename": MANAGE_REPORTS}
        people = AccountUserPermission.objects.filter(user__is_active=True, **held).values("content_object")
        groups = AccountGroupPermission.objects.filter(group__user__is_active=True, **held).values("content_object")
        used = get_account_model()._default_manager.filter(pk__in=ReportSchedule.objects.values("account"))
        orphans = used.exclude(pk__in=people).exclude(pk__in=groups).order_by("slug")
        number = orphans.count()
        if not number:
            yield self.ok("Every account with schedules has a manager.")
            return
        slugs = list(orphans.values_list("slug", flat=True)[:NAMED])
        more = f" and {number - len(slugs)} more" if number > len(slugs) else ""
        yield self.warn(
            f"Nobody manages the reports of {', '.join(slugs)}{more}; only administrators can.",
            fix=f"Run: python manage.py report_scheduling grant {slugs[0]} USER --role account_manager",
        )
