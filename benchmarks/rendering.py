"""How our PDF renderer compares with plain WeasyPrint on the same page, in the same run.

    python benchmarks/rendering.py            # three pages and 1,000 rows
    python benchmarks/rendering.py 10000      # that many rows, each way in a process of its own

Prints seconds (median of the runs), the ratio, and the peak memory of the process.
"""

from __future__ import annotations

import io
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django
import weasyprint

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django_report_scheduling.rendering import Document  # noqa: E402 - needs Django set up
from django_report_scheduling.rendering.html import HtmlRenderer  # noqa: E402 - needs Django set up
from django_report_scheduling.rendering.pdf import PdfRenderer  # noqa: E402 - needs Django set up
from tests.rendering.samples import document, rendered, table, weekly_report  # noqa: E402 - needs Django set up


def ours(report: Document) -> None:
    """Render a document as the package does."""
    PdfRenderer().render(report, io.BytesIO())


def naive(report: Document) -> None:
    """Render the HTML of the same document with WeasyPrint's defaults, stylesheet inside the page."""
    weasyprint.HTML(string=rendered(HtmlRenderer(), report).decode()).write_pdf(io.BytesIO())


def tagged(report: Document) -> None:
    """Do the same, tagged after PDF/UA-1 as ours is."""
    weasyprint.HTML(string=rendered(HtmlRenderer(), report).decode()).write_pdf(io.BytesIO(), pdf_variant="pdf/ua-1")


WAYS: dict[str, Callable[[Document], None]] = {"ours": ours, "naive": naive, "tagged": tagged}


def compare(name: str, report: Document, runs: int) -> None:
    """Time every way in turn, so that a busy moment hits all alike, and print the medians."""
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for run in range(runs + 1):
        for way, render in WAYS.items():
            start = time.perf_counter()
            render(report)
            if run or runs == 1:
                seconds[way].append(time.perf_counter() - start)
    medians = {way: statistics.median(times) for way, times in seconds.items()}
    ratios = (
        f"ours/naive {medians['ours'] / medians['naive']:.2f}, ours/tagged {medians['ours'] / medians['tagged']:.2f}"
    )
    print(f"{name:10}", ", ".join(f"{way} {value:.2f} s" for way, value in medians.items()), f"| {ratios}")


def one(way: str, rows: int) -> None:
    """Render so many rows once and print time and peak memory."""
    report = document(table(rows))
    start = time.perf_counter()
    WAYS[way](report)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{rows} rows   {way} {time.perf_counter() - start:.1f} s, peak {peak} MB")


def main(arguments: list[str]) -> None:
    """Run what the command line asks for."""
    if len(arguments) == 2:
        one(arguments[1], int(arguments[0]))
    elif arguments:
        for way in WAYS:
            subprocess.run([sys.executable, __file__, arguments[0], way], check=True)
    else:
        compare("3 pages", weekly_report(), 15)
        compare("1000 rows", document(table(1000)), 3)


if __name__ == "__main__":
    main(sys.argv[1:])
