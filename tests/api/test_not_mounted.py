"""A host that does not mount the API loads nothing that only the API needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
import django
django.setup()
import django_report_scheduling.tasks.tick, django_report_scheduling.pages.urls
from django.contrib import admin
from django_report_scheduling.models import ReportSchedule
assert ReportSchedule in admin.site._registry
print(*{name.partition(".")[0] for name in sys.modules} & {"rest_framework", "django_filters", "drf_spectacular"})
"""


def test_models_services_tasks_pages_and_admin_do_without_django_rest_framework() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "SWAPPED_"))}
    settings = {"DJANGO_SETTINGS_MODULE": "tests.swapped.settings", "SWAPPED_ACCOUNT_MODEL": "crm.Customer"}

    result = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env=environment | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (result.returncode, result.stdout, result.stderr) == (0, "\n", "")
