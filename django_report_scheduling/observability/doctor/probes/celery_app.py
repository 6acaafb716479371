"""The project has a Celery app, and every thread finds it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from celery.app import app_or_default

from django_report_scheduling.observability.doctor.finding import Finding
from django_report_scheduling.observability.doctor.probe import Probe
from django_report_scheduling.observability.doctor.time_limit import within

FALLBACK: Final = "default"
"""Name of the app that Celery makes up where the project has none."""
UNNAMED: Final = (None, "", "__main__", FALLBACK)


def celery_app() -> Any:
    """Return the app of the calling thread itself, not a proxy that follows the thread."""
    return app_or_default()


def celery_command(command: str) -> str:
    """Return how Celery is started in this project."""
    name = celery_app().main
    return f"celery -A {'your_project' if name in UNNAMED else name} {command}"


class CeleryAppProbe(Probe):
    """Compares the app of this thread with that of a new one, as a threaded web server has them."""

    part = "celery app"

    def run(self) -> Iterable[Finding]:
        """Yield which app is used."""
        app = celery_app()
        if app.main == FALLBACK and not app.set_as_current:
            yield self.fail(
                "The project has no Celery app, or this process does not import it.",
                fix=(
                    "Create your_project/celery.py as Celery's “First steps with Django” shows, and write "
                    "`from your_project.celery import app as celery_app` into your_project/__init__.py."
                ),
            )
        elif within(5, celery_app) is not app:
            yield self.warn(
                f"Other threads of this process do not find the Celery app “{app.main}”: a threaded web server "
                f"would publish to another broker.",
                fix="Call app.set_default() in your_project/celery.py, right after the app is made.",
            )
        else:
            yield self.ok(f"The Celery app “{app.main}” is used.")
