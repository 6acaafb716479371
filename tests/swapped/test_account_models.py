"""The account model is the host's to choose, and every way of choosing it migrates from nothing.

Each test runs ``django`` in a process of its own, because a process can have only one account model.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CUSTOMER = {"SWAPPED_ACCOUNT_MODEL": "crm.Customer"}
OURS = {"SWAPPED_HOST_APPS": "tests.swapped.billing"}
ORDERS = pytest.mark.parametrize("order", ["host first", "package first"])


class Host:
    """The second host, with a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "db.sqlite3"
        self.folder = folder

    def run(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "SWAPPED_"))
        }
        return subprocess.run(  # our own arguments
            [sys.executable, "-W", "error", *arguments],
            cwd=ROOT,
            env={
                **environment,
                "DJANGO_SETTINGS_MODULE": "tests.swapped.settings",
                "SWAPPED_DATABASE": str(self.database),
                "PYTHONPATH": os.pathsep.join([str(ROOT), str(self.folder)]),
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def django(self, *arguments: str, **variables: str) -> str:
        result = self.run("-m", "django", *arguments, **variables)
        assert result.returncode == 0, result.stderr[-3000:]
        return result.stdout

    def tables(self) -> set[str]:
        with sqlite3.connect(self.database) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        connection.close()
        return names

    def references(self, table: str) -> dict[str, str]:
        """Column to the table that it points to."""
        with sqlite3.connect(self.database) as connection:
            rows = list(connection.execute(f"PRAGMA foreign_key_list({table})"))
        connection.close()
        return {row[3]: row[2] for row in rows}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


@pytest.fixture
def billing(host: Host) -> dict[str, str]:
    """Variables with which the migrations of the billing app lie in a folder that may be written to."""
    package = host.folder / "billing_migrations"
    package.mkdir()
    (package / "__init__.py").touch()
    return {**OURS, "SWAPPED_BILLING_MIGRATIONS": "billing_migrations"}


class TestUnset:
    """Without the setting, the account is ours."""

    def test_nothing_is_left_to_migrate(self, host: Host) -> None:
        host.django("makemigrations", "--check", "--dry-run", "report_scheduling", **OURS)

    @ORDERS
    def test_a_host_with_a_foreign_key_to_the_account_migrates_from_nothing(
        self, order: str, host: Host, billing: dict[str, str]
    ) -> None:
        variables = {**billing, "SWAPPED_ORDER": order}

        host.django("makemigrations", "billing", **variables)
        host.django("migrate", "-v", "0", **variables)

        for table in ("billing_invoice", "report_scheduling_reportschedule"):
            assert host.references(table)["account_id"] == "report_scheduling_account"
        host.django("makemigrations", "--check", "--dry-run", "billing", "report_scheduling", **variables)

    def test_the_migration_of_that_host_follows_a_later_swap(self, host: Host, billing: dict[str, str]) -> None:
        host.django("makemigrations", "billing", **billing)
        (migration,) = (host.folder / "billing_migrations").glob("0001*.py")

        assert "migrations.swappable_dependency(settings.REPORT_SCHEDULING_ACCOUNT_MODEL)" in migration.read_text()

    def test_setting_the_default_by_name_is_the_same(self, host: Host) -> None:
        variables = {**OURS, "SWAPPED_ACCOUNT_MODEL": "report_scheduling.Account"}

        host.django("makemigrations", "--check", "--dry-run", "report_scheduling", **variables)


class TestSwapped:
    """With the setting, the account is the host's."""

    @ORDERS
    def test_migrate_works_from_nothing_and_points_to_the_hosts_table(self, order: str, host: Host) -> None:
        host.django("migrate", "-v", "0", **CUSTOMER, SWAPPED_ORDER=order)

        assert "report_scheduling_account" not in host.tables()
        for table, column in (
            ("report_scheduling_reportschedule", "account_id"),
            ("report_scheduling_generatedreport", "account_id"),
            ("report_scheduling_accountuserpermission", "content_object_id"),
            ("report_scheduling_accountgrouppermission", "content_object_id"),
        ):
            assert host.references(table)[column] == "crm_customer"

    @ORDERS
    def test_nothing_is_left_to_migrate(self, order: str, host: Host) -> None:
        host.django("makemigrations", "--check", "--dry-run", **CUSTOMER, SWAPPED_ORDER=order)

    def test_migrating_the_package_alone_migrates_the_host_first(self, host: Host) -> None:
        host.django("migrate", "-v", "0", "report_scheduling", **CUSTOMER)

        assert "crm_customer" in host.tables()

    def test_migrations_can_be_undone(self, host: Host) -> None:
        host.django("migrate", "-v", "0", **CUSTOMER)
        host.django("migrate", "-v", "0", "report_scheduling", "zero", **CUSTOMER)

        assert not {name for name in host.tables() if name.startswith("report_scheduling_")}

    def test_the_system_checks_find_no_error(self, host: Host) -> None:
        host.django("check", "--fail-level", "ERROR", **CUSTOMER)

    @ORDERS
    def test_a_report_goes_from_the_schedule_to_the_mail(self, order: str, host: Host) -> None:
        result = host.run("-m", "tests.swapped.end_to_end", **CUSTOMER, SWAPPED_ORDER=order)

        assert result.returncode == 0, result.stderr[-3000:]
        assert result.stdout == "sent 2\n"


class TestMistakes:
    """A setting that is wrong says so."""

    @pytest.mark.parametrize("value", ["crm.Nobody", "nowhere.Customer", "Customer", ""])
    def test_a_model_that_is_not_there_is_named(self, value: str, host: Host) -> None:
        result = host.run("-m", "django", "check", SWAPPED_ACCOUNT_MODEL=value)

        assert result.returncode != 0
        assert (value or "app_label.ModelName") in result.stderr

    def test_an_account_without_the_permissions_is_told_the_fix(self, host: Host) -> None:
        variables = {"SWAPPED_HOST_APPS": "tests.swapped.forgetful", "SWAPPED_ACCOUNT_MODEL": "forgetful.Tenant"}
        refusal = host.run("-m", "django", "migrate", "-v", "0", **variables)
        assert "class Meta(AbstractAccount.Meta)" in refusal.stderr
        host.django("migrate", "-v", "0", "--skip-checks", **variables)
        program = (
            "import django; django.setup()\n"
            "from django.contrib.auth import get_user_model\n"
            "from django_report_scheduling.access.roles import grant\n"
            "from django_report_scheduling.accounts import get_account_model\n"
            "tenant = get_account_model()._default_manager.create(name='T', slug='t')\n"
            "grant(account=tenant, holder=get_user_model().objects.create_user('u'), role='client')\n"
        )

        result = host.run("-c", program, **variables)

        assert (
            "forgetful.Tenant has no permissions for the roles: declare `class Meta(AbstractAccount.Meta)`"
            in result.stderr
        )


def test_a_setting_that_names_no_model_says_so_and_what_to_do(tmp_path: Path) -> None:
    result = Host(tmp_path).run("-m", "django", "check", SWAPPED_ACCOUNT_MODEL="crm.Nobody")

    assert result.returncode == 1
    last = result.stderr.strip().splitlines()[-1]
    assert "refers to the model 'crm.Nobody', which is not installed. Add its app to INSTALLED_APPS" in last
