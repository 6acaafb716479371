"""``python -m tools.prepare demo|test``: virtual environment, dependencies, native libraries. Done already: a second.

Called by make with the Python that the virtual environment is made from.
"""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import shutil
import sys
import tomllib
from pathlib import Path

from tools import native_libraries, system_packages
from tools.shell import run_quietly, stop, tell

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
PIP_WITH_GROUPS = (25, 1)


def prepare(target: str) -> None:
    """Prepare what the target, ``demo`` or ``test``, needs."""
    require_environment()
    require_dependencies(target)
    native_libraries.require(PYTHON)


def require_environment() -> None:
    """Make sure that there is a virtual environment that works."""
    if ENVIRONMENT.exists():
        status, version = run_quietly([str(PYTHON), "-c", "import sys; print(*sys.version_info[:2])"])
        if status == 0 and tuple(map(int, version.split())) >= (3, 11):
            return
        tell(f"{ENVIRONMENT} does not work any more; making it anew.")
        shutil.rmtree(ENVIRONMENT)
    tell(f"Making a virtual environment with Python {platform.python_version()} …")
    _require_venv()
    status, output = run_quietly([sys.executable, "-m", "venv", str(ENVIRONMENT)])
    if status:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        stop(f"The virtual environment {ENVIRONMENT} could not be made:", output)


def require_dependencies(target: str) -> None:
    """Make sure that the package and what the target needs are installed."""
    stamp = ENVIRONMENT / f".installed-for-{target}"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    tell("Installing dependencies; this takes a minute or two, once …")
    _pip("install", "--upgrade", f"pip>={'.'.join(map(str, PIP_WITH_GROUPS))}")
    _pip("install", "--editable", f"{ROOT}[{','.join(_extras(target))}]", *_groups(target))
    stamp.write_text(wanted, encoding="ascii")


def _extras(target: str) -> list[str]:
    if target == "demo":
        return ["example"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return sorted(project["optional-dependencies"])


def _groups(target: str) -> list[str]:
    return [] if target == "demo" else ["--group", f"{ROOT}/pyproject.toml:dev"]


def _fingerprint() -> str:
    parts = (str(ROOT).encode(), (ROOT / "pyproject.toml").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _pip(*arguments: str) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    status, output = run_quietly([str(PYTHON), "-m", "pip", *arguments, *options])
    if status:
        stop("pip could not install the dependencies:", output)


def _require_venv() -> None:
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if system_packages.install(debian=[package], homebrew=[]):
        return
    stop(
        f"This Python ({sys.executable}) cannot make virtual environments: the package {package} is missing. Run:",
        f"  {system_packages.command(debian=[package], homebrew=['python'])}",
        "and then the same command again.",
    )


if __name__ == "__main__":
    prepare(sys.argv[1])
