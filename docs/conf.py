"""Sphinx configuration."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_source = (ROOT / "django_report_scheduling" / "__init__.py").read_text(encoding="utf-8")
_version = re.search(r'__version__ = "([^"]+)"', _source)
assert _version is not None  # noqa: S101  # the file is ours

project = "django-report-scheduling"
author = "The django-report-scheduling maintainers"
project_copyright = author
release = version = _version[1]

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
# A chapter may still be without pages.
suppress_warnings = ["toc.empty_glob"]

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
