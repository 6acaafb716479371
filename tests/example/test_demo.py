"""``manage.py demo``: from an access log to delivered reports."""

from __future__ import annotations

import email
import email.policy
import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.example.conftest import Manage, Start

pytestmark = pytest.mark.slow

TYPES = {"performance_summary", "traffic_analysis", "conversion_report"}
LINE = (
    "192.0.2.{client} - - [{day:02}/Mar/2026:10:{minute:02}:00 +0100] "
    '"GET {path} HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"\n'
)


def processes_with(var_folder: Path) -> list[str]:
    """The command lines of all processes that work in the folder of this test."""
    listing = subprocess.run(["ps", "-eo", "pid="], check=True, capture_output=True, text=True).stdout  # noqa: S607  # found where the system has it
    found = []
    for pid in listing.split():
        try:
            environment = Path(f"/proc/{pid}/environ").read_bytes()
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if f"EXAMPLE_VAR_DIR={var_folder}".encode() in environment.split(b"\0"):
            found.append(command.replace(b"\0", b" ").decode())
    return found


def reports_in(var_folder: Path) -> dict[str, dict[str, object]]:
    loaded = [json.loads(path.read_text()) for path in (var_folder / "media").rglob("*.json")]
    return {report["report_type"]: report for report in loaded}


def snapshot(folder: Path) -> set[tuple[str, int]]:
    skipped = {"log", "broker"}
    return {
        (str(path.relative_to(folder)), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not skipped.intersection(path.relative_to(folder).parts)
    }


def own_log(path: Path) -> Path:
    pages = ("/", "/pricing", "/contact")
    lines = [LINE.format(client=n, day=9 + n % 5, minute=n, path=pages[n % 3]) for n in range(1, 50)]
    path.write_text("".join(lines), encoding="ascii")
    return path


def test_once_makes_and_mails_every_report_and_a_second_time_sends_nothing_twice(
    manage: Manage, var_folder: Path
) -> None:
    first = manage("demo", "--once", DEMO_PASSWORD="of-the-test")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "imported=10000 duplicates=0 unreadable=0" in first.stdout
    assert "of-the-test" in first.stdout

    reports = reports_in(var_folder)
    assert set(reports) == TYPES
    assert reports["traffic_analysis"]["account"] == "demo"
    assert reports["traffic_analysis"]["metrics"]["hits"] == 10_000  # type: ignore[index]
    pdfs = sorted((var_folder / "media").rglob("*.pdf"))
    assert len(pdfs) == 3
    for pdf in pdfs:
        assert pdf.read_bytes().startswith(b"%PDF-")
        assert str(pdf.relative_to(var_folder.parent)) in first.stdout
    mails = sorted((var_folder / "mail").glob("*.eml"))
    read = [email.message_from_bytes(mail.read_bytes(), policy=email.policy.default) for mail in mails]
    assert sorted(str(mail["To"]) for mail in read) == ["client@example.com"] * 3 + ["manager@example.com"] * 2
    assert all(any(part.get_content_type() == "application/pdf" for part in mail.walk()) for mail in read)

    second = manage("demo", "--once")
    assert second.returncode == 0, second.stdout + second.stderr
    assert "imported=0 duplicates=10000" in second.stdout
    assert second.stdout.count("nothing is sent twice") == 3
    assert sorted((var_folder / "mail").glob("*.eml")) == mails
    assert processes_with(var_folder) == []


def test_a_log_of_ones_own_gets_an_account_of_its_own(manage: Manage, var_folder: Path, tmp_path: Path) -> None:
    log = own_log(tmp_path / "My Shop.access.log")

    done = manage("demo", "--once", "--log", log.name)

    assert done.returncode == 0, done.stdout + done.stderr
    reports = reports_in(var_folder)
    assert {report["account"] for report in reports.values()} == {"log-my-shop-access"}
    assert reports["conversion_report"]["metrics"]["hits"] == 49  # type: ignore[index]
    assert reports["performance_summary"]["metrics"]["visits"] > 0  # type: ignore[index,operator]


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "There is no file"), (b"", "is empty"), (b"id;name\n1;x\n", "does not look like an access log")],
    ids=["missing", "empty", "no log"],
)
def test_a_log_that_cannot_be_used_is_refused_before_anything_is_written(
    manage: Manage, var_folder: Path, tmp_path: Path, content: bytes | None, message: str
) -> None:
    assert manage("check").returncode == 0
    before = snapshot(var_folder)
    log = tmp_path / "access.log"
    if content is not None:
        log.write_bytes(content)

    refused = manage("demo", "--once", "--log", str(log))

    assert refused.returncode == 1
    assert message in refused.stderr
    assert str(log) in refused.stderr
    assert "Traceback" not in refused.stderr
    assert snapshot(var_folder) == before


def test_a_folder_that_cannot_be_written_to_is_named(manage: Manage, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    refused = manage("demo", "--once", EXAMPLE_VAR_DIR=str(tmp_path / "file" / "var"))

    assert refused.returncode == 1
    assert f"The folder {tmp_path / 'file' / 'var'} cannot be written to" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_media_folder_that_cannot_be_written_to_is_named(manage: Manage, var_folder: Path) -> None:
    assert manage("check").returncode == 0
    (var_folder / "media").write_text("in the way")

    refused = manage("demo", "--once")

    assert refused.returncode == 1
    assert f"The folder {var_folder / 'media'} cannot be written to" in refused.stderr


def test_a_database_with_other_peoples_admin_is_left_alone(manage: Manage, var_folder: Path) -> None:
    assert manage("migrate", "--verbosity", "0").returncode == 0
    created = manage(
        *("createsuperuser", "--noinput", "--username", "admin", "--email", "boss@example.org"),
        DJANGO_SUPERUSER_PASSWORD="theirs",
    )
    assert created.returncode == 0, created.stderr

    refused = manage("demo", "--once")

    assert refused.returncode == 1
    assert "'admin' who is not of the demo" in refused.stderr
    with sqlite3.connect(var_folder / "db.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM auth_user WHERE email LIKE '%@example.com'").fetchone() == (0,)


def test_it_serves_until_it_is_interrupted_and_leaves_nothing_running(
    start_demo: Start, manage: Manage, var_folder: Path
) -> None:
    demo = start_demo()
    demo.wait_for("Ctrl-C stops everything.")
    with urllib.request.urlopen(demo.url) as answer:  # noqa: S310  # of the demo itself
        assert "Log in" in answer.read().decode()

    twin = manage("demo", "--once")
    assert twin.returncode == 1
    assert f"A demo is already running in {var_folder} at {demo.url}" in twin.stderr
    assert manage("report_scheduling", "doctor").returncode == 0

    assert demo.stop() == 0
    assert "Nothing is left running." in demo.text
    assert processes_with(var_folder) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_stopped_before_it_is_ready_it_leaves_nothing_running(
    start_demo: Start, var_folder: Path, number: signal.Signals
) -> None:
    demo = start_demo()
    demo.wait_for("Waiting for the first reports")

    assert demo.stop(number) == 130
    assert "Stopped before the reports were there." in demo.text
    assert processes_with(var_folder) == []


def test_it_ends_with_the_reason_when_a_process_ends_by_itself(start_demo: Start, var_folder: Path) -> None:
    demo = start_demo()
    demo.wait_for("Ctrl-C stops everything.")
    worker = json.loads((var_folder / "demo.lock").read_text())["processes"][0]

    os.kill(worker, signal.SIGKILL)

    assert demo.process.wait(timeout=180) == 1
    assert "The worker stopped by itself" in demo.text
    assert processes_with(var_folder) == []


def test_what_a_killed_demo_leaves_behind_is_named(start_demo: Start, manage: Manage, var_folder: Path) -> None:
    demo = start_demo()
    demo.wait_for("Ctrl-C stops everything.")
    processes = json.loads((var_folder / "demo.lock").read_text())["processes"]
    demo.process.kill()
    demo.process.wait()

    refused = manage("demo", "--once")

    try:
        assert refused.returncode == 1
        assert f"Stop them first: kill {' '.join(map(str, processes))}" in refused.stderr
    finally:
        for process in processes:
            os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + 120
    while processes_with(var_folder):
        assert time.monotonic() < deadline
        time.sleep(0.2)
