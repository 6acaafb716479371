#!/usr/bin/env python
"""Command line of the example project; works from any folder."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run a Django command; what is wrong with the set-up is said in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_project.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415  # to say what is missing
        from django.core.management import execute_from_command_line  # noqa: PLC0415
    except ImportError:
        sys.exit("Django is not installed for this Python. Run “make demo” once, then use .venv/bin/python.")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()
