"""The servers that the benchmark borrows: databases of its own on the one, an empty database on the other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.dispatching.urls import database_settings, with_database

ROOT = Path(__file__).resolve().parents[2]


class Missing(Exception):
    """Something that the benchmark needs is not there; the text says what, and what to do."""


def require(*modules: str, extra: str = "bench") -> None:
    """Check that packages of an extra are installed.

    :raises Missing: one is not.
    """
    absent = [module for module in modules if find_spec(module) is None]
    if absent:
        command = f"{sys.executable} -m pip install -e '{ROOT}[{extra}]'"
        msg = f"Not installed: {', '.join(absent)}. Install the extra [{extra}]:\n    {command}"
        raise Missing(msg)


@contextmanager
def database(server_url: str, name: str, *, template: str = "template1") -> Iterator[str]:
    """Create a database, yield its URL, and drop it.

    :param server_url: of any database on the server, with a role that may create databases.
    :param template: the database to copy.
    :raises Missing: the server does not answer or does not allow it.
    """
    _on_server(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield with_database(server_url, name)
    finally:
        _on_server(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(server_url: str, statement: str) -> None:
    import psycopg  # noqa: PLC0415 - of the extra, whose absence is reported in words

    try:
        database_settings(server_url)
        with psycopg.connect(server_url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)
    except (psycopg.Error, ValueError) as error:
        msg = (
            f"PostgreSQL did not do `{statement}`: {str(error).strip()}\n"
            "Name a server and a role that may create databases with --database-url or DATABASE_URL, "
            "e.g. postgres://postgres@127.0.0.1:5432/postgres."
        )
        raise Missing(msg) from error


def check_redis(url: str) -> None:
    """Check that the Redis database is there and empty, because it may be somebody's.

    :raises Missing: it is not.
    """
    import redis  # noqa: PLC0415 - of the extra, whose absence is reported in words

    try:
        keys = redis.Redis.from_url(url, socket_connect_timeout=5).dbsize()
    except (redis.RedisError, ValueError) as error:
        msg = (
            f"Redis does not answer at {url}: {error}\nName a server with --redis-url, e.g. redis://127.0.0.1:6379/13."
        )
        raise Missing(msg) from error
    if keys:
        msg = (
            f"The Redis database {url} holds {keys} keys. The benchmark only uses an empty one, "
            "because they may be somebody's: name another number with --redis-url."
        )
        raise Missing(msg)


@contextmanager
def distant(url: str) -> Iterator[str]:
    """Yield a URL of the same Redis that is a millisecond further away in each direction."""
    parts = urlsplit(url)
    command = [sys.executable, "-m", "benchmarks.dispatching.proxy", parts.hostname or "", str(parts.port or 6379)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            host = parts.netloc.rpartition("@")[0]
            port = process.stdout.readline().strip()
            yield parts._replace(netloc=f"{host}{'@' if host else ''}127.0.0.1:{port}").geturl()
        finally:
            process.terminate()
