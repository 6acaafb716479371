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


def test_a_webhook_can_be_set_up_and_its_key_is_the_owner_s_alone(url: str, var_folder: Path) -> None:
    def post(path: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  # of the example itself
            f"{url}{path}", json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
        )
        answer: dict[str, Any] = json.loads(urllib.request.urlopen(request).read())  # noqa: S310  # as above
        return answer

    bearer = f"Bearer {post('api/token/', {'username': 'manager', 'password': PASSWORD})['access']}"
    request = urllib.request.Request(f"{url}api/v1/accounts/", headers={"Authorization": bearer})  # noqa: S310  # as above
    account = json.load(urllib.request.urlopen(request))["results"][0]["id"]  # noqa: S310  # as above
    wanted = {"account": account, "url": "https://hooks.example.com/in", "events": ["report.succeeded"]}
    endpoint = post("api/v1/webhooks/", wanted, Authorization=bearer)

    assert (endpoint["state"], endpoint["secret"][:6]) == ("pending", "whsec_")
    key, others = var_folder / "report_secret_key", (var_folder / "secret_key", var_folder / "jwt_signing_key")
    assert key.stat().st_mode & 0o077 == 0
    assert len({path.read_text() for path in (key, *others)}) == 3


@pytest.mark.parametrize("given", [{}, {"REPORT_SECRET_KEY": "k" * 40, "REPORT_OLD_SECRET_KEYS": "a" * 40}])
def test_the_example_finds_nothing_wrong_with_its_keys(manage: Manage, given: dict[str, str]) -> None:
    checked = manage("check", "--fail-level", "WARNING", "--tag", "report_scheduling", **given)

    assert checked.returncode == 0, checked.stderr


def test_a_key_that_is_too_short_is_refused_and_not_shown(manage: Manage) -> None:
    checked = manage("check", REPORT_SECRET_KEY="canary-key")

    assert checked.returncode != 0
    assert "report_scheduling.E003" in checked.stderr
    assert "canary" not in checked.stderr


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
