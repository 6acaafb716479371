"""Kombu's ``filesystem://`` broker, with files that appear whole.

For demos and small installations without a message broker. Kombu's own transport creates a file before it fills it:
a worker that looks in between takes an empty message, which stops it, or finds an empty table of bindings, which makes
a remote control command fail. Here every file is written aside and renamed, which POSIX and Windows do in one step.

.. code-block:: python

    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT = "django_report_scheduling.contrib.filesystem_broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": "/srv/broker",
        "data_folder_out": "/srv/broker",
        "control_folder": "/srv/broker/control",
        "polling_interval": 0.1,
    }
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """A channel whose messages and bindings appear whole."""

    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:  # type: ignore[override]  # kombu's two bases name the argument differently
        # The name kombu's _get looks for: oldest first, the queue between the first dot and ".msg".
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        _write_whole(Path(self.data_folder_out) / name, payload)

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str | None) -> None:
        with self._table_held(exchange) as file:
            binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
            table = self.get_table(exchange)
            if binding not in table:
                _write_whole(file, [binding, *table])

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any) -> None:
        # Past kombu's own filesystem channel, which would write the table in place.
        super(filesystem.Channel, self)._delete(queue, exchange, routing_key, pattern, *args, **kwargs)
        with self._table_held(exchange) as file:
            binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
            table = self.get_table(exchange)
            if binding in table:
                _write_whole(file, [other for other in table if other != binding])

    @contextmanager
    def _table_held(self, exchange: str) -> Iterator[Path]:
        """Keep other processes from changing the bindings of an exchange; readers see the old table or the new one."""
        file: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]  # newer than kombu's stubs
        self.control_folder.mkdir(exist_ok=True)
        with file.with_name(f"{file.name}.lock").open("ab", buffering=0) as guard:
            filesystem.lock(guard, filesystem.LOCK_EX)  # type: ignore[attr-defined]  # not in kombu's stubs
            try:
                yield file
            finally:
                filesystem.unlock(guard)


def _write_whole(file: Path, content: Any) -> None:
    part = file.with_name(f"{file.name}.{uuid.uuid4()}.part")
    try:
        part.write_text(dumps(content), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        msg = f"Cannot write {file.name!r} in {file.parent}: {error}"
        raise ChannelError(msg) from error


class Transport(filesystem.Transport):
    """The transport to name in ``CELERY_BROKER_TRANSPORT``."""

    Channel = Channel
