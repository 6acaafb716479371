"""A worker with an embedded beat, as a process of its own on the test database."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]

StartWorker = Callable[..., "contextlib.AbstractContextManager[subprocess.Popen[bytes]]"]


def database_url() -> str:
    """Return the URL under which another process reaches the test database."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    login = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    scheme, port = {"postgresql": ("postgres", 5432), "mysql": ("mysql", 3306)}[connection.vendor]
    return f"{scheme}://{login}@{at['HOST']}:{at['PORT'] or port}/{at['NAME']}"


@pytest.fixture
def start_worker(transactional_db: None, tmp_path: Path) -> StartWorker:
    """Start ``celery worker -B`` on a broker; it is stopped, with all its children, when the block ends."""

    @contextlib.contextmanager
    def start(
        broker_url: str, *, scratch: Path = tmp_path, **report_scheduling: object
    ) -> Iterator[subprocess.Popen[bytes]]:
        for folder in ("broker", "broker-control", "mail"):
            (scratch / folder).mkdir(exist_ok=True)
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "TEST_DATABASE_URL": database_url(),
            "TEST_BROKER_URL": broker_url,
            "TEST_QUEUE": f"report-scheduling-tests-{os.getpid()}",
            "TEST_SCRATCH": str(scratch),
            "TEST_TICK_SECONDS": "0.5",
            "TEST_REPORT_SCHEDULING": json.dumps(report_scheduling),
        }
        command = [sys.executable, "-m", "celery", "-A", "tests.celery_app", "worker", "-B", "--concurrency=2"]
        command += ["--loglevel=INFO", f"--schedule={scratch / 'beat'}", "--without-mingle", "--without-gossip"]
        with (scratch / "worker.log").open("wb") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(timeout=30)
                finally:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)

    return start
