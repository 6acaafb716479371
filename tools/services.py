"""Which servers answer on this machine, for the tests that need them."""

from __future__ import annotations

import os
import socket
import urllib.parse
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A server that some tests need.

    :param marker: of pytest, on the tests that need it.
    :param variable: of the environment, that names it for the tests.
    :param candidates: URLs to try when the variable is not set.
    """

    name: str
    marker: str
    variable: str
    candidates: tuple[str, ...]

    def find(self) -> str:
        """Return the URL of the server, or an empty text when there is none."""
        given = os.environ.get(self.variable, "")
        if given:
            return given
        return next((url for url in self.candidates if _answers(url)), "")


POSTGRESQL = Service(
    name="PostgreSQL",
    marker="postgresql",
    variable="TEST_DATABASE_URL",
    candidates=("postgres://postgres@127.0.0.1:5432/postgres", "postgres://root@127.0.0.1:5432/postgres"),
)
MARIADB = Service(
    name="MySQL or MariaDB",
    marker="mysql",
    variable="TEST_MYSQL_URL",
    candidates=("mysql://root@127.0.0.1:3306/report_scheduling",),
)
REDIS = Service(name="Redis", marker="redis", variable="TEST_REDIS_URL", candidates=("redis://127.0.0.1:6379/15",))
RABBITMQ = Service(
    name="RabbitMQ",
    marker="rabbitmq",
    variable="TEST_RABBITMQ_URL",
    candidates=("amqp://guest:guest@127.0.0.1:5672//",),
)


def _answers(url: str) -> bool:
    parts = urllib.parse.urlsplit(url)
    port = parts.port or {"postgres": 5432, "mysql": 3306, "redis": 6379, "amqp": 5672}.get(parts.scheme, 0)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=2):
            pass
    except OSError:
        return False
    log_ins = {"postgres": _postgresql_lets_in, "mysql": _mysql_lets_in}
    return parts.scheme not in log_ins or log_ins[parts.scheme](url)


def _mysql_lets_in(url: str) -> bool:
    import pymysql  # noqa: PLC0415  # of the test dependencies, which are installed by then

    at = urllib.parse.urlsplit(url)
    try:
        pymysql.connect(
            host=at.hostname, port=at.port or 3306, user=at.username, password=at.password or "", connect_timeout=3
        ).close()
    except pymysql.Error:
        return False
    return True


def _postgresql_lets_in(url: str) -> bool:
    import psycopg  # noqa: PLC0415  # of the test dependencies, which are installed by then

    try:
        psycopg.connect(url.replace("postgres://", "postgresql://"), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True
