"""One measurement in a process of its own: ``python -m benchmarks.dispatching.child CONTENDER '{"option": 1}'``.

Sets Django and Celery up, runs the contender, and prints what it measured as one line of JSON.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from importlib import import_module

import django

PREFIX = "measured: "


def main(name: str, options: str) -> None:
    """Run one contender."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.dispatching.settings"
    logging.disable(logging.INFO)
    django.setup()
    import_module("benchmarks.dispatching.app").app.loader.import_default_modules()
    register = import_module("django_report_scheduling.reports").register
    register(import_module("benchmarks.dispatching.report_type").BenchmarkReport)
    contender = import_module(f"benchmarks.dispatching.contenders.{name}")
    figures = contender.run(**json.loads(options))
    print(PREFIX + json.dumps(figures), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
