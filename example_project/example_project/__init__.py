"""The example project: a host of the package that runs with nothing but Python."""

from __future__ import annotations

from example_project.celery import app as celery_app

__all__ = ["celery_app"]
