"""The Celery app of the benchmark: one queue with a name of its own, on the broker that the environment names."""

from __future__ import annotations

import os
from typing import Final

from celery import Celery

QUEUE: Final = "dispatch-benchmark"
REDBEAT_PREFIX: Final = "dispatch-benchmark-redbeat:"
TASK: Final = "report_scheduling.generate_report"
"""What every contender sends: the package's own task, with a report's id and an attempt."""

app = Celery("dispatch-benchmark", broker=os.environ["BENCHMARK_BROKER_URL"])
app.conf.update(
    task_default_queue=QUEUE,
    result_expires=None,
    broker_connection_retry_on_startup=True,
    redbeat_redis_url=os.environ["BENCHMARK_REDIS_URL"],
    redbeat_redis_options={},
    redbeat_key_prefix=REDBEAT_PREFIX,
    redbeat_lock_key=None,
)
app.set_default()
app.autodiscover_tasks()
