"""The API works for every account model."""

from __future__ import annotations

from pathlib import Path

from tests.swapped.test_account_models import CUSTOMER, Host


def test_accounts_with_integer_keys_are_named_in_bodies_queries_and_answers(tmp_path: Path) -> None:
    result = Host(tmp_path).run("-m", "tests.swapped.over_http", **CUSTOMER)

    assert result.returncode == 0, result.stderr[-3000:]
    assert result.stdout == "answered\n"
