"""The Celery app of the benchmark: keys with a prefix of their own, so that they are found again and deleted."""

from __future__ import annotations

import os
from typing import Final

from celery import Celery

PREFIX: Final = "webhooks-benchmark:"

app = Celery("webhooks-benchmark", broker=os.environ["BENCHMARK_BROKER_URL"])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    broker_transport_options={"global_keyprefix": PREFIX},
    broker_connection_retry_on_startup=True,
)
app.set_default()
app.autodiscover_tasks()
