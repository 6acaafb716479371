"""The way that mails take."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from django_report_scheduling.observability.doctor import Status, examine
from django_report_scheduling.observability.doctor.probes.mail import MailProbe
from tests.mail_settings import HAS_MAILERS, backend_path, send_through, sending_the_old_way

CHANNEL = {"BACKEND": "django_report_scheduling.delivery.email.EmailChannel"}
NEEDS_MAILERS = pytest.mark.skipif(not HAS_MAILERS, reason="Django 6.1 brought MAILERS")


@pytest.fixture
def port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(params=["as this Django wants it", "with the old settings"])
def send(request, settings) -> Iterator[Callable[..., None]]:
    """Set a mailer up, in each way that this Django knows."""
    settings.DEFAULT_FROM_EMAIL = "reports@example.org"
    with ExitStack() as restored:
        if request.param == "with the old settings":
            yield lambda backend, **options: restored.enter_context(sending_the_old_way(backend, **options))
        else:
            yield partial(send_through, settings)


def name_the_mailer(settings, alias: str) -> None:
    settings.REPORT_SCHEDULING = {"CHANNELS": {"email": {**CHANNEL, "OPTIONS": {"using": alias}}}}


def test_a_server_that_lets_us_in_is_fine(finding, send, port: int):
    send("smtp", host="127.0.0.1", port=port)
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        assert finding(MailProbe()).message == f"127.0.0.1:{port} lets us in."
    finally:
        server.stop()


def test_a_server_that_is_down_has_failed(finding, send, port: int):
    send("smtp", host="127.0.0.1", port=port)
    seen = finding(MailProbe())
    assert seen.status == Status.FAIL
    assert f"127.0.0.1:{port} refuses: ConnectionRefusedError" in seen.message


def test_the_settings_to_correct_go_by_the_names_that_the_host_uses(finding, settings, port: int):
    send_through(settings, "smtp", host="127.0.0.1", port=port)
    expected = 'MAILERS["default"]["OPTIONS"]["password"]' if HAS_MAILERS else "EMAIL_HOST_PASSWORD"
    assert f" {expected} " in finding(MailProbe()).fix
    with sending_the_old_way("smtp", host="127.0.0.1", port=port):
        fix = finding(MailProbe()).fix
    assert "EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD " in fix


def test_a_server_that_hangs_does_not_hang_the_doctor(finding, send):
    with socket.create_server(("127.0.0.1", 0)) as server:
        send("smtp", host="127.0.0.1", port=server.getsockname()[1])
        seen = finding(MailProbe(seconds=0.3))
    assert seen.status == Status.FAIL


@pytest.mark.parametrize(
    ("backend", "fate"), [("locmem", "kept in memory"), ("console", "printed"), ("dummy", "thrown away")]
)
def test_backends_that_send_nothing_are_a_warning(finding, send, backend: str, fate: str):
    send(backend)
    seen = finding(MailProbe())
    assert seen.status == Status.WARN
    assert fate in seen.message
    assert backend_path("smtp") in seen.fix


def test_a_folder_for_mails_that_cannot_be_made_has_failed(finding, send, tmp_path: Path):
    (tmp_path / "mail").write_text("a file where the folder should be")
    send("filebased", file_path=str(tmp_path / "mail"))
    seen = finding(MailProbe())
    assert seen.status == Status.FAIL
    assert str(tmp_path / "mail") in seen.fix


def test_a_backend_of_the_host_is_named(finding, send):
    send("host.missing.Backend")
    seen = finding(MailProbe())
    assert re.search(r"host\.missing\.Backend refuses: (ModuleNotFoundError|InvalidMailer)", seen.message)
    assert seen.fix == "Correct the settings of host.missing.Backend."


@NEEDS_MAILERS
@pytest.mark.parametrize(("options", "port"), [({}, 25), ({"use_tls": True}, 587), ({"use_ssl": True}, 465)])
def test_without_a_port_the_one_that_django_takes_is_shown(finding, settings, options: dict[str, bool], port: int):
    send_through(settings, "smtp", host="host.invalid", **options)
    assert finding(MailProbe()).message.startswith(f"host.invalid:{port} refuses")


@NEEDS_MAILERS
def test_the_mailer_of_the_channel_is_tried(finding, settings):
    settings.MAILERS = {**settings.MAILERS, "bulk": {"BACKEND": backend_path("dummy")}}
    name_the_mailer(settings, "bulk")
    seen = finding(MailProbe())
    assert "thrown away" in seen.message
    assert 'MAILERS["bulk"] = ' in seen.fix


@NEEDS_MAILERS
@pytest.mark.parametrize("alias", ["default", "bulk"])
def test_a_mailer_that_is_missing_has_failed(finding, settings, alias: str):
    settings.MAILERS = {}
    name_the_mailer(settings, alias)
    seen = finding(MailProbe())
    assert (seen.status, seen.message) == (Status.FAIL, f'MAILERS has no entry "{alias}".')
    assert f'MAILERS["{alias}"] = ' in seen.fix


def test_a_mailer_cannot_be_named_with_the_old_settings(finding, settings):
    name_the_mailer(settings, "bulk")
    with sending_the_old_way("locmem"):
        seen = finding(MailProbe())
    assert seen.status == Status.FAIL
    assert "'bulk' needs Django 6.1 or newer and the setting MAILERS" in seen.message
    assert seen.fix == 'Take "using": "bulk" out of REPORT_SCHEDULING["CHANNELS"]["email"]["OPTIONS"].'


def test_the_placeholder_of_django_is_no_sender(settings):
    settings.DEFAULT_FROM_EMAIL = "webmaster@localhost"
    _connection, sender = examine([MailProbe()])
    assert sender.status == Status.WARN
    assert "DEFAULT_FROM_EMAIL = " in sender.fix


def test_the_channel_may_have_a_sender_of_its_own(finding, settings):
    settings.DEFAULT_FROM_EMAIL = "webmaster@localhost"
    settings.REPORT_SCHEDULING = {"CHANNELS": {"email": {**CHANNEL, "OPTIONS": {"from_email": "r@example.org"}}}}
    assert "keeps" not in finding(MailProbe()).message


def test_without_a_mail_channel_it_is_not_needed(finding, settings):
    settings.REPORT_SCHEDULING = {"CHANNELS": {}}
    assert finding(MailProbe()).status == Status.SKIP
