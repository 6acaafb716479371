"""Sphinx configuration."""

from __future__ import annotations

import re
from pathlib import Path

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
_source = (ROOT / "django_report_scheduling" / "__init__.py").read_text(encoding="utf-8")
_version = re.search(r'__version__ = "([^"]+)"', _source)
assert _version is not None  # noqa: S101  # the file is ours

project = "django-report-scheduling"
author = "The django-report-scheduling maintainers"
project_copyright = author
release = version = _version[1]

# The least host that the package's modules can be imported in: their docstrings are part of the reference.
settings.configure(
    SECRET_KEY="only-for-the-documentation",  # noqa: S106  # it signs nothing
    USE_TZ=True,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "guardian", "django_report_scheduling"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

extensions = ["myst_parser", "sphinx.ext.autodoc"]
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
maximum_signature_line_length = 80
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
# A chapter may still be without pages.
suppress_warnings = ["toc.empty_glob"]

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
