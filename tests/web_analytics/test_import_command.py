from __future__ import annotations

import datetime as dt
import gc
import gzip
import io
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from django_report_scheduling.contrib.web_analytics import own_hosts
from django_report_scheduling.contrib.web_analytics.management.commands import import_access_log as command
from django_report_scheduling.contrib.web_analytics.models import Hit, Site
from django_report_scheduling.models import Account
from tests.factories import AccountFactory
from tests.web_analytics.conftest import REAL_LOG, AskReport, day
from tests.web_analytics.log_lines import NOON, combined


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text(f"{combined()}\n{combined()}\n{combined(target='/a')}\n")
    return path


def run(file: Path | str, account: Account, **options: object) -> list[str]:
    output = io.StringIO()
    call_command("import_access_log", str(file), account=account.slug, stdout=output, **options)
    return output.getvalue().splitlines()


def test_the_last_line_says_what_came_of_it(log: Path, account: Account) -> None:
    assert run(log, account)[-1] == "imported=3 duplicates=0 unreadable=0"
    assert run(log, account)[-1] == "imported=0 duplicates=3 unreadable=0"


def test_the_traffic_belongs_to_the_account(log: Path, account: Account) -> None:
    AccountFactory.create()
    run(log, account)

    assert {site.account_id for site in Site.objects.all()} == {account.pk}


def test_reads_gzip_and_plain_as_the_same_log(log: Path, account: Account) -> None:
    packed = log.with_suffix(".gz")
    packed.write_bytes(gzip.compress(log.read_bytes()))
    run(log, account)

    assert run(packed, account)[-1] == "imported=0 duplicates=3 unreadable=0"


def test_reads_standard_input(log: Path, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(log.read_bytes())))

    assert run("-", account)[-1] == "imported=3 duplicates=0 unreadable=0"


def test_names_unreadable_lines_without_stopping(log: Path, account: Account) -> None:
    with log.open("a") as more:
        more.write("192.0.2.99 is not readable\n" * 25)
    errors = io.StringIO()

    output = run(log, account, stderr=errors)

    assert output[-1] == "imported=3 duplicates=0 unreadable=25"
    assert "line 4 cannot be read: … is not readable" in errors.getvalue()
    assert "… and 5 more lines that cannot be read." in errors.getvalue()
    assert "192.0.2.99" not in errors.getvalue()


def test_an_unknown_account_is_refused_with_those_that_exist(log: Path, account: Account) -> None:
    with pytest.raises(CommandError, match=rf"There is no account 'nobody'\. Known are: {account.slug}\."):
        call_command("import_access_log", str(log), account="nobody")


def test_of_many_accounts_only_some_are_named(log: Path, account: Account) -> None:
    AccountFactory.create_batch(25)

    with pytest.raises(CommandError, match=r", …\.$"):
        call_command("import_access_log", str(log), account="nobody")


@pytest.mark.django_db
def test_without_any_account_it_says_to_create_one(log: Path) -> None:
    with pytest.raises(CommandError, match="Create one first"):
        call_command("import_access_log", str(log), account="nobody")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("missing.log", None, "There is no file"),
        ("empty.log", b"", "is empty"),
        ("picture.log", b"\x89PNG\r\n\x1a\n\x00\x00", r"Not one of 3 lines could be read"),
        ("cut.log.gz", gzip.compress(combined().encode())[:-9], "damaged or incomplete"),
    ],
)
def test_an_unusable_log_is_refused_and_nothing_stays(
    tmp_path: Path, account: Account, name: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(CommandError, match=message):
        run(tmp_path / name, account)

    assert not Site.objects.exists()
    assert not Hit.objects.exists()


def test_an_interruption_says_how_to_go_on(log: Path, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(**_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "import_access_log", interrupted)

    with pytest.raises(CommandError, match="run the command again") as raised:
        run(log, account)
    assert raised.value.returncode == 130


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_shows_progress_on_a_terminal(log: Path, account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(command.import_access_log, "__kwdefaults__", {"progress": None, "batch_size": 1})
    run(log, account)

    assert "\r3 lines read, " in sys.stderr.getvalue()  # type: ignore[attr-defined] # it is a Terminal


def test_shows_no_progress_elsewhere(log: Path, account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    run(log, account)

    assert capsys.readouterr().err == ""


def test_the_garbage_collector_is_as_before_afterwards(log: Path, account: Account) -> None:
    before = gc.get_threshold()
    run(log, account)

    assert gc.get_threshold() == before


def test_own_hosts_can_be_given(log: Path, account: Account) -> None:
    output = run(log, account, host=["www.Shop.example", "shop.example", "blog.example"])

    assert "Links from blog.example, shop.example count as internal (change with --host)." in output
    assert Site.objects.get().hosts == ["blog.example", "shop.example"]


def loads(log: Path, host: str, times: int, *, target: str = "/logo.png") -> None:
    """Append requests that a page of the host makes; without a host, that no page makes."""
    referrer = f"https://www.{host}/" if host else "-"
    with log.open("a") as more:
        more.write(f"{combined(target=target, referrer=referrer)}\n" * times)


def test_own_host_is_the_one_that_loads_most_assets(log: Path, account: Account) -> None:
    loads(log, "shop.example", 20)
    loads(log, "other.example", 19)
    loads(log, "search.example", 90, target="/")
    loads(log, "", 90)

    output = run(log, account)

    assert any("Links from shop.example count as internal" in line and "--host" in line for line in output)
    assert Site.objects.get().own_hosts == ["shop.example"]
    assert str(Site.objects.get()) == "shop.example"


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param({"shop.example": 19}, id="too few"),
        pytest.param({"shop.example": 30, "other.example": 30}, id="a tie"),
        pytest.param({"shop.example": 30, "other.example": 20, "third.example": 20}, id="less than half"),
    ],
)
def test_no_own_host_is_guessed_without_a_clear_majority(log: Path, account: Account, counts: dict[str, int]) -> None:
    for host, times in counts.items():
        loads(log, host, times)

    output = run(log, account)

    assert any("cannot be told" in line and "--host" in line for line in output)
    assert Site.objects.get().own_hosts == []


def test_a_guess_changes_with_the_traffic(log: Path, account: Account) -> None:
    loads(log, "hotlinker.example", 20)
    run(log, account)
    assert Site.objects.get().own_hosts == ["hotlinker.example"]

    loads(log, "third.example", 20)
    run(log, account)
    assert Site.objects.get().own_hosts == []

    loads(log, "shop.example", 41)
    run(log, account)
    assert Site.objects.get().own_hosts == ["shop.example"]
    assert Site.objects.get().hosts == []


def test_a_given_host_replaces_the_guess_for_good(log: Path, account: Account) -> None:
    loads(log, "shop.example", 20)
    run(log, account)
    run(log, account, host=["blog.example"])
    loads(log, "shop.example", 40)
    run(log, account)

    site = Site.objects.get()
    assert (site.own_hosts, site.hosts, site.guessed_host) == (["blog.example"], ["blog.example"], "")


def test_only_the_latest_traffic_counts_for_a_guess(
    log: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_hosts, "CONSIDERED", 20)
    line = combined(NOON - dt.timedelta(days=1), "/logo.png", referrer="https://old.example/")
    log.write_text(f"{line}\n" * 30)
    loads(log, "shop.example", 20)
    run(log, account)

    assert Site.objects.get().own_hosts == ["shop.example"]


def test_links_from_a_guessed_host_are_no_referrals(log: Path, account: Account, ask: AskReport) -> None:
    loads(log, "shop.example", 20)
    loads(log, "shop.example", 1, target="/b")
    run(log, account)

    metrics = ask("traffic_analysis", day(2026, 3, 4)).metrics
    assert (metrics["referrer_visits"], metrics["direct_visits"]) == (0, 1)


def test_the_host_of_the_shipped_log_is_guessed(account: Account) -> None:
    output = run(REAL_LOG, account)

    assert output[-1] == "imported=10000 duplicates=0 unreadable=0"
    assert Site.objects.get().own_hosts == ["semicomplete.com"]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Account, Site])
def test_on_a_database_without_tables_it_says_to_migrate(
    log: Path, model: type[Account | Site], request: pytest.FixtureRequest
) -> None:
    slug = "acme" if model is Account else request.getfixturevalue("account").slug
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO not_yet")

    with pytest.raises(CommandError, match=r"manage\.py migrate") as raised:
        call_command("import_access_log", str(log), account=slug)
    assert len(str(raised.value).splitlines()) == 1
    assert raised.value.returncode == 1


def test_own_hosts_given_once_stay(log: Path, account: Account) -> None:
    run(log, account, host=["shop.example"])
    run(log, account)

    assert str(Site.objects.get()) == "shop.example"


def test_a_site_without_hosts_is_named_after_its_account(log: Path, account: Account) -> None:
    output = run(log, account)

    assert "--host" in output[0]
    assert str(Site.objects.get()) == str(account)
