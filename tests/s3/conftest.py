"""S3 storages for tests: on a real server, which checks what is asked of it, and on moto, which only remembers it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.files.storage import Storage, storages
from moto.server import ThreadedMotoServer
from pytest_django import Settings
from storages.backends.s3 import S3Storage

from tests.chaos.processes import Processes
from tests.s3.faulty_line import FaultyLine
from tests.s3.server import ACCESS_KEY, REGION, SECRET_KEY, S3Server
from tools import ceph

MakeStorage = Callable[..., S3Storage]


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server with one user."""
    root = ceph.root()
    if root is None:
        pytest.skip("an S3 server: Ceph is not installed; `python -m tools.ceph` fetches its packages")
    processes = Processes(run=uuid.uuid4().hex, logs=tmp_path_factory.mktemp("s3-logs"))
    try:
        yield S3Server(processes, root=root, folder=tmp_path_factory.mktemp("s3"))
    finally:
        processes.end()


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def line(s3_server: S3Server) -> Iterator[FaultyLine]:
    """A line to the real server that can be disturbed."""
    with FaultyLine(target=s3_server.port) as line:
        yield line


@pytest.fixture
def make_storage() -> Iterator[MakeStorage]:
    """Make a storage with a bucket of its own, as the documentation says it has to be."""
    made: list[S3Storage] = []

    def make(endpoint: str, **changes: Any) -> S3Storage:
        options = {
            "access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "bucket_name": f"reports-{uuid.uuid4().hex}",
            "endpoint_url": endpoint, "region_name": REGION, "signature_version": "s3v4", "addressing_style": "path",
            "file_overwrite": False, "default_acl": None, "object_parameters": {"ServerSideEncryption": "AES256"},
        }  # fmt: skip
        storage = S3Storage(**(options | changes))
        made.append(storage)
        if "bucket_name" not in changes:
            storage.connection.create_bucket(Bucket=storage.bucket_name)
        return storage

    yield make
    for storage in made:
        storage.connection.meta.client.close()


@pytest.fixture
def s3_storage(s3_server: S3Server, make_storage: MakeStorage) -> S3Storage:
    """A storage on the real server."""
    return make_storage(s3_server.url)


@pytest.fixture
def keep_reports_in(settings: Settings) -> Callable[[Storage], None]:
    """Let the package keep report files in a storage, for one test."""

    def keep(storage: Storage) -> None:
        # Assigning the setting lets Django forget the storages that it has made.
        settings.STORAGES = {**settings.STORAGES}
        storages._storages["default"] = storage

    return keep
