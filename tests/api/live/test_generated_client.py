"""A client generated from the published description does a customer's work, from the account to the PDF."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.api.live.conftest import PASSWORD, Site
from tests.api.schema.test_document import PUBLISHED

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent
CUSTOMER = Path(__file__).with_name("customer.py")


def run(*command: object, folder: Path) -> str:
    result = subprocess.run(
        [sys.executable, "-m", *map(str, command)],
        cwd=folder,
        # The generator calls ruff by its name.
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package ``reports_client``; a warning of its generator is an error."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "settings.yaml").write_text("package_name_override: reports_client\n")
    arguments = ("--meta", "none", "--output-path", folder / "reports_client", "--config", folder / "settings.yaml")
    run("openapi_python_client", "generate", "--path", PUBLISHED, "--fail-on-warning", *arguments, folder=folder)
    return folder


def test_the_generated_code_has_no_fault_that_pyflakes_sees(generated: Path) -> None:
    run("ruff", "check", "--isolated", "--select", "F", "reports_client", folder=generated)


def test_types_hold_from_the_generated_code_to_the_program_that_uses_it(generated: Path) -> None:
    pytest.importorskip("mypy", reason="belongs to the tools for linting")
    (generated / "empty.ini").write_text("[mypy]\n")
    (generated / CUSTOMER.name).write_text(CUSTOMER.read_text())
    # Of its own making, the same for every API: not what our description can be blamed for.
    own = ("--exclude", "client.py", "--follow-imports", "silent")
    run("mypy", "--config-file", "empty.ini", *own, "reports_client/api", "customer.py", folder=generated)


@pytest.mark.django_db(transaction=True)
def test_a_customer_sets_up_a_schedule_runs_it_and_downloads_the_report(
    generated: Path, site: Site, tmp_path: Path
) -> None:
    output = tmp_path / "report.pdf"
    (generated / CUSTOMER.name).write_text(CUSTOMER.read_text())

    seen = json.loads(run("customer", site.url, "account_manager", PASSWORD, output, folder=generated))

    checksum = hashlib.sha256(output.read_bytes()).hexdigest()
    assert seen == {
        "role": "account_manager",
        "same report": True,
        "status": "succeeded",
        "files": ["pdf", "json"],
        "way": 302,
        "type": "application/pdf",
        "sha256": checksum,
    }
    text = "".join(page.extract_text() for page in PdfReader(output).pages)
    assert "Sample report" in text
    assert site.alpha.account.name in text
