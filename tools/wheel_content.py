"""Builds a wheel and makes sure that it holds the whole package, and nothing else."""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

from tools.prepare import ROOT
from tools.shell import run_quietly, stop, tell

PACKAGE = "django_report_scheduling"


def main() -> None:
    """Build a wheel and compare its content with the source."""
    with tempfile.TemporaryDirectory() as folder:
        status, output = run_quietly([sys.executable, "-m", "build", "--wheel", "--outdir", folder, str(ROOT)])
        if status:
            stop(output)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            packed = {name for name in archive.namelist() if not name.endswith("/")}
    source = {
        str(path.relative_to(ROOT))
        for path in (ROOT / PACKAGE).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    problems = [f"missing in the wheel: {name}" for name in sorted(source - packed)]
    problems += [
        f"not part of the package: {name}"
        for name in sorted(packed - source)
        if not name.partition("/")[0].endswith(".dist-info")
    ]
    if not any(name.endswith("/licenses/LICENSE") for name in packed):
        problems.append("missing in the wheel: the licence")
    if problems:
        stop(*problems)
    tell(f"{wheel.name}: {len(source)} files")


if __name__ == "__main__":
    main()
