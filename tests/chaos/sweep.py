"""The purge, so many days later: ``python -m tests.chaos.sweep DAYS``, inside the chaos host."""

from __future__ import annotations

import datetime as dt
import sys

import django


def main(days: int) -> None:
    django.setup()
    from django_report_scheduling.services.purge import purge

    for _deleted in purge(now=dt.datetime.now(dt.UTC) + dt.timedelta(days=days)):
        pass


if __name__ == "__main__":
    main(int(sys.argv[1]))
