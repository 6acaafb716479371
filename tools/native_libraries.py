"""The native libraries and fonts that PDF rendering needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from tools import system_packages
from tools.shell import run_quietly, stop

DEBIAN = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
HOMEBREW = ("pango",)
HOMEBREW_LIBRARIES = ("/opt/homebrew/lib", "/usr/local/lib")
TRY_OUT = "import weasyprint; weasyprint.HTML(string='<p>Text').write_pdf()"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts")


def require(python: Path) -> None:
    """Make sure that PDF rendering works with this Python; installs what is missing where that is allowed.

    Ends the program with the exact command where it is not.
    """
    problem = _problem(python)
    if not problem:
        return
    if system_packages.install(debian=DEBIAN, homebrew=HOMEBREW):
        problem = _problem(python)
        if not problem:
            return
    stop(
        f"PDF rendering does not work yet: {problem}",
        "The native libraries of WeasyPrint, or fonts, are missing, and could not be installed from here. Run:",
        f"  {system_packages.command(debian=DEBIAN, homebrew=HOMEBREW)}",
        "and then the same command again.",
    )


def environment() -> Mapping[str, str]:
    """Return what a process needs in its environment to find the libraries; only Homebrew's need anything."""
    name = "DYLD_FALLBACK_LIBRARY_PATH"
    if sys.platform != "darwin" or name in os.environ:
        return {}
    return {name: ":".join(folder for folder in HOMEBREW_LIBRARIES if Path(folder).is_dir())}


def _problem(python: Path) -> str:
    status, output = run_quietly([str(python), "-c", TRY_OUT], environment=environment())
    if status:
        return next((line for line in output.splitlines() if "cannot load library" in line), output.strip()[-300:])
    if sys.platform != "darwin" and not _has_font():
        return "there is no font on this machine"
    missing = system_packages.missing_debian_packages(["libharfbuzz-subset0"])
    return f"{missing[0]} is not installed, without which files embed whole fonts" if missing else ""


def _has_font() -> bool:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(next(folder.rglob("*.[to]t[fc]"), None) for folder in folders if folder.is_dir())
