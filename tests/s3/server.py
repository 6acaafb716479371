"""A real S3 server on loopback: Ceph's object gateway over one monitor and one store in memory, for one test run."""

from __future__ import annotations

import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Final

from tests.chaos.processes import Processes, wait_until
from tests.chaos.servers.ports import free_ports

ACCESS_KEY: Final = "reports"
SECRET_KEY: Final = "secret-of-reports"
REGION: Final = "us-east-1"
CONFIGURATION: Final = """\
[global]
fsid = {cluster}
mon host = v2:127.0.0.1:{monitor}/0
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
run dir = {folder}
crash dir = {folder}
admin socket = {folder}/$name.$pid.asok
log file = {folder}/$name.log
plugin dir = {libraries}
erasure code dir = {libraries}/erasure-code
osd class dir = {classes}
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 4
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
[mon.a]
mon data = {folder}/mon
[osd.0]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
[client.rgw]
rgw data = {folder}/rgw
# Encrypted by default, for which there would have to be keys.
ms mon client mode = crc
rgw frontends = beast endpoint=127.0.0.1:{gateway}
rgw crypt require ssl = false
rgw crypt s3 kms backend = testing
rgw crypt s3 kms encryption keys = key-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
"""


class S3Server:
    """A running gateway with one user, who may make buckets.

    :param root: under which Ceph's programs lie as in a system.
    :param folder: empty; data, configuration and logs go there.
    """

    def __init__(self, processes: Processes, *, root: Path, folder: Path) -> None:
        self._processes, self._root, self._folder = processes, root, folder
        self._monitor_port, self.port = free_ports(2)
        self._cluster, self._store = str(uuid.uuid4()), str(uuid.uuid4())
        folders = (self._libraries, self._libraries / "ceph", root / self._libraries.relative_to(root / "usr"))
        processes.environment = {"LD_LIBRARY_PATH": ":".join(map(str, folders))}
        self._configure()
        self._start_monitor()
        self._start_store()
        self._start_gateway()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            urllib.request.urlopen(self.url, timeout=2).close()  # noqa: S310  # our own server
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    @property
    def _libraries(self) -> Path:
        return next(self._root.glob("usr/lib/*/librados.so.2")).parent

    def _configure(self) -> None:
        for name in ("mon", "osd", "rgw"):
            (self._folder / name).mkdir()
        text = CONFIGURATION.format(
            cluster=self._cluster,
            folder=self._folder,
            monitor=self._monitor_port,
            gateway=self.port,
            libraries=self._libraries / "ceph",
            classes=self._libraries / "rados-classes",
        )
        (self._folder / "ceph.conf").write_text(text, encoding="utf-8")

    def _start_monitor(self) -> None:
        monitors, stores = str(self._folder / "monmap"), str(self._folder / "osdmap")
        address = f"[v2:127.0.0.1:{self._monitor_port}]"
        self._run("monmaptool", "--create", "--fsid", self._cluster, "--addv", "a", address, monitors)
        self._run("osdmaptool", *self._options, "--createsimple", "1", stores)
        self._run("ceph-mon", *self._options, "--mkfs", "-i", "a", "--monmap", monitors, "--osdmap", stores)
        self._serve("ceph-mon", "-i", "a")

    def _start_store(self) -> None:
        self._run("ceph-osd", *self._options, "-i", "0", "--mkfs", "--osd-uuid", self._store)
        self._serve("ceph-osd", "-i", "0")

    def _start_gateway(self) -> None:
        self._serve("radosgw", "-n", "client.rgw")
        wait_until(self.answers, what="the S3 server", patience=120, tells=self._processes.tails)
        keys = ("--access-key", ACCESS_KEY, "--secret", SECRET_KEY)
        user = ("--uid", "reports", "--display-name", "Reports")
        self._run("radosgw-admin", *self._options, "-n", "client.rgw", "user", "create", *user, *keys)

    @property
    def _options(self) -> tuple[str, str]:
        return "-c", str(self._folder / "ceph.conf")

    def _program(self, name: str) -> str:
        return str(self._root / "usr/bin" / name)

    def _run(self, program: str, *arguments: str) -> None:
        self._processes.run_once(self._program(program), *arguments)

    def _serve(self, program: str, *arguments: str) -> None:
        self._processes.add(program, "s3", self._program(program), *self._options, *arguments, "-f")
