"""Connections that can be cut half-open: ``python -m tests.chaos.proxy LISTEN TARGET ORDERS``, both ports.

A real cut, a firewall that forgets, say, is noticed by neither side: nothing comes any more, and nothing says so.
While the file ``ORDERS`` is there, the connections that it found carry nothing; new ones do. When the file goes, those
connections break.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

CHUNK = 1 << 16
LOOK_EVERY = 0.1


@dataclass(eq=False)
class Line:
    """One connection through the proxy."""

    writers: list[asyncio.StreamWriter]
    open: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)


class Proxy:
    """Passes bytes on, both ways, unless a connection is cut."""

    def __init__(self, target: int, orders: Path) -> None:
        self._target = target
        self._orders = orders
        self._lines: set[Line] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        line = Line(writers=[writer, far_writer])
        line.open.set()
        self._lines.add(line)
        line.tasks = [
            asyncio.create_task(_pass_on(line, reader, far_writer)),
            asyncio.create_task(_pass_on(line, far_reader, writer)),
        ]
        await asyncio.wait(line.tasks, return_when=asyncio.FIRST_COMPLETED)
        self._end(line, asyncio.StreamWriter.close)

    async def obey(self) -> None:
        """Cut when the order comes, break when it goes."""
        cut: list[Line] = []
        while True:
            ordered = self._orders.exists()
            if ordered and not cut:
                cut = list(self._lines)
                for line in cut:
                    line.open.clear()
            elif not ordered and cut:
                for line in cut:
                    self._end(line, _break)
                cut = []
            await asyncio.sleep(LOOK_EVERY)

    def _end(self, line: Line, how: Callable[[asyncio.StreamWriter], None]) -> None:
        self._lines.discard(line)
        for task in line.tasks:
            task.cancel()
        for writer in line.writers:
            how(writer)


def _break(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def _pass_on(line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            await line.open.wait()
            writer.write(data)
            await writer.drain()


async def main(listen: int, target: int, orders: Path) -> None:
    proxy = Proxy(target, orders)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", listen)
    async with server:
        await proxy.obey()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
