"""A PostgreSQL cluster in a folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from tests.chaos.processes import Process, Processes, wait_until

SYSTEM_USER = "postgres"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    # Only the server is killed here, never the machine.
    "fsync": "off",
    "full_page_writes": "off",
}


def binaries() -> Path | None:
    """Return the folder with ``initdb`` and ``postgres`` of the newest version, or ``None``."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def usable() -> bool:
    """Whether a cluster can be made: by ourselves, or, since PostgreSQL refuses to run as root, by its own user."""
    if binaries() is None:
        return False
    if os.geteuid() != 0:
        return True
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return False
    return True


class PostgreSQL:
    """A running cluster.

    :param folder: for its data; every folder above must be open to its system user.
    """

    def __init__(self, processes: Processes, *, folder: Path, port: int) -> None:
        self.port = port
        user = SYSTEM_USER if os.geteuid() == 0 else None
        folder.mkdir()
        if user:
            shutil.chown(folder, user)
        bin_folder = binaries()
        assert bin_folder is not None, "PostgreSQL is not installed"
        make = [str(bin_folder / "initdb"), "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--no-sync"]
        subprocess.run(
            [*make, "--encoding=UTF8", "--locale=C"],
            check=True, capture_output=True, user=user, group=user, cwd=folder, extra_groups=[] if user else None,
        )  # fmt: skip
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        command = [str(bin_folder / "postgres"), "-D", str(folder / "data"), "-p", str(port), *options]
        self._process: Process = processes.add("postgresql", "database", *command, user=user)
        wait_until(self.answers, what="PostgreSQL", tells=self._process.tail)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.dsn("postgres"), connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def dsn(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}"')

    def crash(self) -> None:
        """Do what ``pg_ctl stop -m immediate`` does; it is started again with all that died."""
        self._process.strike(signal.SIGQUIT)
