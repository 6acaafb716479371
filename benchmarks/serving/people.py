"""People who ask: each a thread with one connection, who checks every answer and writes down how long it took."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.serving.managers import Manager
from benchmarks.serving.requests import NEW_SCHEDULE

Times = dict[str, list[float]]
"""Seconds by name of the request."""


class Person:
    """One manager at one connection."""

    def __init__(self, manager: Manager, *, port: int, prefix: str) -> None:
        self.manager = manager
        self.times: Times = defaultdict(list)
        self._prefix = prefix
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._random = random.Random(manager.token)

    def list(self) -> None:
        """Ask for the first page."""
        self._ask("list", "GET", "report-schedules/")

    def retrieve(self) -> None:
        """Ask for one schedule."""
        self._ask("retrieve", "GET", f"report-schedules/{self._random.choice(self.manager.schedules)}/")

    def patch(self) -> None:
        """Rename a schedule."""
        path = f"report-schedules/{self._random.choice(self.manager.schedules)}/"
        self._ask("patch", "PATCH", path, {"name": f"Weekly {self._random.random()}"})

    def create_and_delete(self) -> None:
        """Set a schedule up and delete it again, because an account may have ten."""
        body = NEW_SCHEDULE | {"account": self._random.choice(self.manager.accounts)}
        made = json.loads(self._ask("create", "POST", "report-schedules/", body, expected=201))
        self._ask("delete", "DELETE", f"report-schedules/{made['id']}/", expected=204)

    def download(self) -> None:
        """Fetch a file: the redirect and what it leads to."""
        path = f"reports/{self._random.choice(self.manager.reports)}/download/?format=pdf"
        start = time.perf_counter()
        self._send("GET", self._prefix + path)
        answer = self._connection.getresponse()
        answer.read()
        location = str(answer.getheader("Location"))
        self._send("GET", location[location.index("/", 8) :] if location.startswith("http") else location)
        self._read(200)
        self.times["download"].append(time.perf_counter() - start)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(
        self, name: str, method: str, path: str, body: dict[str, Any] | None = None, *, expected: int = 200
    ) -> bytes:
        start = time.perf_counter()
        self._send(method, self._prefix + path, body)
        answer = self._read(expected)
        self.times[name].append(time.perf_counter() - start)
        return answer

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> None:
        headers = {"Authorization": f"Token {self.manager.token}", "Content-Type": "application/json"}
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)

    def _read(self, expected: int) -> bytes:
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != expected:
            msg = f"{answer.status} instead of {expected}: {content[:500]!r}"
            raise RuntimeError(msg)
        return content


def at_once(people: Sequence[Person], act: Callable[[Person], None]) -> float:
    """Let everybody act at the same time, each in a thread; returns the seconds until the last one is done.

    :raises RuntimeError: somebody got an answer that was not expected.
    """
    failures: list[BaseException] = []

    def guarded(person: Person) -> None:
        try:
            act(person)
        except BaseException as error:  # noqa: BLE001  # raised again below, where it ends the benchmark
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(person,)) for person in people]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(str(failures[0])) from failures[0]
    return time.perf_counter() - start
