"""A host without an extra is told which one, by a process that runs and not by a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.extras import needs_no_web_analytics

ROOT = Path(__file__).resolve().parents[2]


@needs_no_web_analytics
def test_web_analytics_without_its_libraries_names_the_extra() -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.swapped.settings",
        "SWAPPED_HOST_APPS": "django_report_scheduling.contrib.web_analytics",
        "PYTHONPATH": str(ROOT),
    }
    answer = subprocess.run(
        [sys.executable, "-m", "django", "check"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 1
    assert answer.stderr.count("(web_analytics.E001)") == 2
    assert 'pip install "django-report-scheduling[web-analytics]"' in answer.stderr
    assert "Traceback" not in answer.stderr
