"""A TLS receiver on loopback, in a process of its own: ``/after/20`` answers after 20 ms, ``/never`` not at all."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOST = "hooks.example.com"
NEVER = "never"
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


@contextmanager
def running() -> Iterator[None]:
    """Start it, and tell this process and those that it starts where it is."""
    with tempfile.TemporaryDirectory(prefix="report-scheduling-webhooks-") as folder:
        authority = Path(folder) / "authority.pem"
        command = [sys.executable, "-m", "benchmarks.posting.receiver", str(authority)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                os.environ["BENCHMARK_RECEIVER_PORT"] = process.stdout.readline().strip()
                os.environ["BENCHMARK_AUTHORITY"] = str(authority)
                yield
            finally:
                process.terminate()


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
        length = next(line for line in head.splitlines() if line.lower().startswith("content-length:"))
        await reader.readexactly(int(length.partition(":")[2]))
        wait = head.split()[1].rpartition("/")[2]
        if wait == NEVER:
            await reader.read()  # until the other side has had enough
        else:
            await asyncio.sleep(int(wait) / 1000)
            writer.write(ANSWER)
            await writer.drain()
    writer.close()


async def _serve(authority_file: str) -> None:
    import trustme  # noqa: PLC0415 - of the extra, whose absence is reported in words

    authority = trustme.CA()
    authority.cert_pem.write_to_path(authority_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
