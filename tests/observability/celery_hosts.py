"""Celery apps as a host project would have them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import Celery, _state
from celery.app import app_or_default


@contextmanager
def celery_host(broker: str, **configuration: Any) -> Iterator[Celery]:
    """Make an app, in this and every new thread, the one that tasks belong to."""
    before, default_before = app_or_default(), _state.default_app
    app = Celery("host", broker=broker, set_as_current=False)
    app.conf.update(broker_connection_timeout=2, task_publish_retry=False, **configuration)
    app.set_current()
    app.set_default()
    try:
        yield app
    finally:
        app.close()
        _state.set_default_app(default_before)
        before.set_current()
