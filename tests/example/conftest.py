"""The example project, run as its users run it: as processes of their own, in a folder of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "example_project"
MANAGE = EXAMPLE / "manage.py"
PATIENCE = 150
# What switches the example to real services must not leak in from the environment of the tests.
SERVICES = ("DATABASE_URL", "CELERY_BROKER_URL", "AWS_STORAGE_BUCKET_NAME", "EMAIL_URL", "DEMO_PASSWORD", "MAKELEVEL")

Manage = Callable[..., "subprocess.CompletedProcess[str]"]
Start = Callable[..., "RunningDemo"]


class RunningDemo:
    """A demo that goes on until it is told to stop."""

    def __init__(self, process: subprocess.Popen[str], output: Path) -> None:
        self.process = process
        self._output = output

    @property
    def text(self) -> str:
        return self._output.read_text(encoding="utf-8")

    @property
    def url(self) -> str:
        found = re.search(r"Portal\s+(http://\S+)", self.text)
        assert found, self.text
        return found[1]

    def wait_for(self, text: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while text not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < deadline, self.text
            time.sleep(0.2)

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=300)


@pytest.fixture
def var_folder(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def environment(var_folder: Path) -> dict[str, str]:
    """The environment of an example project that writes to a folder of this test."""
    kept = {name: value for name, value in os.environ.items() if name not in SERVICES}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "EXAMPLE_VAR_DIR": str(var_folder)}


@pytest.fixture
def manage(environment: dict[str, str], tmp_path: Path) -> Manage:
    """Run a command of the example project from a folder that is not the project's."""

    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # our own program
            [sys.executable, str(MANAGE), *arguments],
            check=False,
            cwd=tmp_path,
            env={**environment, **more},
            capture_output=True,
            text=True,
            timeout=PATIENCE + 60,
        )

    return run


@pytest.fixture
def start_demo(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Start a demo that stays; whatever is left of it after the test is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> RunningDemo:
        output = tmp_path / f"demo-{len(started)}.txt"
        with output.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(  # our own program
                [sys.executable, str(MANAGE), "demo", *arguments],
                cwd=tmp_path,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        started.append(process)
        return RunningDemo(process, output)

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=300)
