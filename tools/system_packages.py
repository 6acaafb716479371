"""Packages of the operating system: installed where that is allowed without asking, otherwise named."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from tools.shell import has_program, run_quietly, tell


def missing_debian_packages(names: Sequence[str]) -> list[str]:
    """Return those of the Debian packages that are not installed; none where there is no dpkg."""
    if not has_program("dpkg-query"):
        return []
    return [name for name in names if not _is_installed(name)]


def install(*, debian: Sequence[str], homebrew: Sequence[str]) -> bool:
    """Install packages where no password is asked for it; returns whether that went well."""
    if has_program("apt-get") and debian:
        prefix = _administrator()
        if prefix is None:
            return False
        tell(f"Installing system packages: {' '.join(debian)} …")
        return _apt_get(prefix, "install", *debian) or (
            _apt_get(prefix, "update") and _apt_get(prefix, "install", *debian, loud=True)
        )
    if sys.platform == "darwin" and has_program("brew") and homebrew:
        tell(f"Installing with Homebrew: {' '.join(homebrew)} …")
        return run_quietly(["brew", "install", *homebrew])[0] == 0
    return False


def command(*, debian: Sequence[str], homebrew: Sequence[str]) -> str:
    """Return the command that a person types to install the packages."""
    if sys.platform == "darwin":
        return f"brew install {' '.join(homebrew)}"
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install --no-install-recommends {' '.join(debian)}"


def _is_installed(name: str) -> bool:
    status, output = run_quietly(["dpkg-query", "-W", "-f", "${db:Status-Status}\n", name])
    return status == 0 and "installed" in output.split()


def _administrator() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if has_program("sudo") and run_quietly(["sudo", "-n", "true"])[0] == 0:
        return ["sudo", "-n"]
    return None


def _apt_get(prefix: list[str], *arguments: str, loud: bool = False) -> bool:
    options = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "--no-install-recommends"]
    status, output = run_quietly([*prefix, *options, *arguments])
    if status and loud:
        tell(output)
    return status == 0
