"""The S3 server of the tests: Ceph from the distribution's packages, unpacked into a cache folder, never installed."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from pathlib import Path
from typing import Final

from tools.shell import has_program, run_quietly, stop, tell

SERVERS: Final = ("ceph-mon", "ceph-osd", "radosgw")
"""Programs, and at the same time the packages that have them."""
NEEDED: Final = ("ceph", "lib", "radosgw")
"""How the packages begin that the servers need to run; the others serve disks and machines."""


def root() -> Path | None:
    """Return the folder under which the programs lie as in a system, or ``None`` where they are nowhere."""
    if all(has_program(name) for name in SERVERS):
        return Path("/")
    folder = _cache()
    return folder if (folder / "usr/bin/radosgw").exists() else None


def unpack() -> str:
    """Get the packages, about 60 MB, once; returns why that is not possible, or an empty text."""
    if root() is not None:
        return ""
    if not (has_program("apt-get") and has_program("dpkg")):
        return "Ceph's packages are fetched with apt-get, which is not there"
    tell("Fetching the packages of an S3 server (Ceph, about 60 MB), once …")
    folder = _cache()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ceph-", dir=folder.parent) as name:
        status, output = _fetch_into(Path(name))
        if status:
            last = output.strip().splitlines()[-1:] or ["apt-get does not say why"]
            return f"Ceph's packages could not be fetched: {last[0]}"
        # Renamed at the end, so that whatever is interrupted leaves nothing that looks whole.
        shutil.rmtree(folder, ignore_errors=True)
        (Path(name) / "root").rename(folder)
    return ""


def _fetch_into(folder: Path) -> tuple[int, str]:
    status, plan = run_quietly(["apt-get", "install", "--simulate", "--no-install-recommends", *SERVERS])
    if status:
        return status, plan
    wanted = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
    status, output = run_quietly(
        ["sh", "-c", 'cd "$0" && apt-get download -q "$@"', str(folder), *(n for n in wanted if n.startswith(NEEDED))]
    )
    for package in folder.glob("*.deb"):
        if status == 0:
            status, output = run_quietly(["dpkg", "-x", str(package), str(folder / "root")])
    return status, output


def _cache() -> Path:
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    release = platform.freedesktop_os_release() if Path("/etc/os-release").exists() else {}
    system = f"{release.get('ID', platform.system())}-{release.get('VERSION_ID', '')}-{platform.machine()}"
    return base / "django-report-scheduling" / f"ceph-{system}"


if __name__ == "__main__":
    if reason := unpack():
        stop(reason)
    tell(f"Ceph is in {root()}")
