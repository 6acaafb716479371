"""The API of a running example, as somebody meets it who has just started the demo."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.example.conftest import EXAMPLE, MANAGE, PATIENCE, Manage

pytestmark = pytest.mark.slow

PASSWORD = "it's “$HOME” & more"
LINE = '192.0.2.1 - - [09/Mar/2026:10:00:00 +0100] "GET / HTTP/1.1" 200 5 "-" "Mozilla/5.0"\n'


def is_answering(url: str) -> bool:
    try:
        urllib.request.urlopen(url).close()  # noqa: S310  # of the example itself
    except urllib.error.URLError:
        return False
    return True


@pytest.fixture
def url(manage: Manage, environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The address of a running example with the demo's people and schedules."""
    log = tmp_path / "access.log"
    log.write_text(LINE, encoding="ascii")
    for command in (["migrate", "--verbosity", "0"], ["demo_setup", "--log", str(log)]):
        done = manage(*command, DEMO_PASSWORD=PASSWORD)
        assert done.returncode == 0, done.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(  # our own program
        [sys.executable, str(MANAGE), "runserver", f"127.0.0.1:{port}", "--noreload"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not is_answering(f"http://127.0.0.1:{port}/login/"):
            assert server.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_the_schema_is_valid_and_names_both_ways_to_log_in(manage: Manage) -> None:
    made = manage("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json")

    assert made.returncode == 0, made.stderr
    schema = json.loads(made.stdout)
    schemes = schema["components"]["securitySchemes"].values()
    assert {(scheme["type"], scheme.get("scheme"), scheme.get("in")) for scheme in schemes} == {
        ("http", "bearer", None),
        ("apiKey", None, "cookie"),
    }
    assert schema["paths"]["/api/token/"]["post"].get("security", [{}]) == [{}]


def test_the_lines_that_the_demo_prints_work_in_a_shell(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLE))
    from demo.api_call import api_call  # only here on the path

    script = "\n".join(api_call(url=url, username="manager", password=PASSWORD))
    said = subprocess.run(["sh", "-euc", script], check=True, capture_output=True, text=True)  # noqa: S607  # found where the system has it

    schedules = json.loads(said.stdout)["results"]
    assert {schedule["name"] for schedule in schedules} == {
        "Weekly performance",
        "Monthly traffic",
        "Monthly conversions",
    }


def test_without_a_token_the_api_says_how_to_come_in(url: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{url}api/v1/report-schedules/")  # noqa: S310  # of the example itself

    assert (refused.value.code, refused.value.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert set(json.load(refused.value)) == {"detail", "code"}


def test_the_documentation_loads_everything_from_the_site_itself(url: str) -> None:
    page = read(f"{url}api/docs/").decode()
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)

    assert any("swagger-ui" in address for address in loaded)
    assert [address for address in loaded if not address.startswith("/static/")] == []
    assert all(read(f"{url.rstrip('/')}{address}") for address in loaded)
    assert b"/api/token/refresh/" in read(f"{url}api/schema/")
    assert b"/api/v1/report-schedules/" in read(f"{url}api/schema/")


def read(address: str) -> Any:
    with urllib.request.urlopen(address) as answer:  # noqa: S310  # of the example itself
        return answer.read()
