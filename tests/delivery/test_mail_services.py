"""The mail channel through Anymail, against a server that answers as the API of a mail service does."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from pytest_django import Settings

from django_report_scheduling.choices import ErrorCode
from django_report_scheduling.delivery.email import EmailChannel
from django_report_scheduling.delivery.mail_services import explained_by_service
from django_report_scheduling.exceptions import DeliveryError, DeliveryWithheld, OutcomeUnknown
from tests.delivery.requests import delivery_request
from tests.mail_settings import send_through

pytest.importorskip("anymail", reason="Anymail is the host's choice")

JANE = "jane@customer.example"
TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "1", "To": JANE}


class MailService(HTTPServer):
    """Keeps what it is sent, and answers as it is told.

    :param status: of every answer; 0 closes the connection without one.
    """

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body = status, body
        self.taken: list[dict[str, Any]] = []


class _Handler(BaseHTTPRequestHandler):
    server: MailService

    def do_POST(self) -> None:  # the name that the standard library calls
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(content))
        if not self.server.status:
            return
        answer = json.dumps(self.server.body).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's signature
        pass


def send_by(settings: Any, url: str) -> None:
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "anymail"]
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "a canary", "POSTMARK_API_URL": url, "REQUESTS_TIMEOUT": 5}
    send_through(settings, "anymail.backends.postmark.EmailBackend")


@contextmanager
def mail_service(settings: Any, *, status: int = 200, body: dict[str, Any] | None = None) -> Iterator[MailService]:
    service = MailService(status, TAKEN if body is None else body)
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        send_by(settings, f"http://127.0.0.1:{service.server_port}/")
        yield service
    finally:
        service.shutdown()
        thread.join()
        service.server_close()


def test_the_service_gets_the_mail_with_the_headers_that_let_people_leave(settings: Settings) -> None:
    link = "https://reports.example.org/reports/unsubscribe/x/"
    with mail_service(settings) as service:
        EmailChannel().deliver(delivery_request(unsubscribe_url=link))

    (mail,) = service.taken
    headers = {header["Name"]: header["Value"] for header in mail["Headers"]}
    assert mail["To"] == JANE
    assert [file["Name"] for file in mail["Attachments"]] == ["acme-sales-2026-02-23.pdf"]
    assert headers["List-Unsubscribe"] == f"<{link}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"] == "<018f0000-0000-7000-8000-000000000001@example.org>"


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (404, True), (422, True), (401, False), (403, False), (429, False), (500, False), (503, False)],
)
def test_the_status_says_whether_to_try_again(status: int, permanent: bool, settings: Settings) -> None:
    body = {"Message": f"{JANE} hunter2"}
    with mail_service(settings, status=status, body=body), pytest.raises(DeliveryError) as caught:
        EmailChannel().deliver(delivery_request())

    assert caught.value.permanent == permanent
    assert str(caught.value).endswith(f"answered with {status}.")


def test_a_recipient_that_the_service_refuses_is_final(settings: Settings) -> None:
    refusal = {"ErrorCode": 406, "Message": f"Found inactive addresses: {JANE}. Inactive recipients are …"}
    with mail_service(settings, status=422, body=refusal), pytest.raises(DeliveryError) as caught:
        EmailChannel().deliver(delivery_request())

    assert caught.value.code == ErrorCode.CHANNEL_REJECTED
    assert "jane" not in str(caught.value)


def test_attack_067_nobody_knows_what_became_of_a_mail_that_the_service_did_not_answer(settings: Settings) -> None:
    with mail_service(settings, status=0) as service, pytest.raises(OutcomeUnknown, match="may or may not"):
        EmailChannel().deliver(delivery_request())

    assert len(service.taken) == 1


def test_a_service_that_cannot_be_reached_is_tried_again(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    send_by(settings, f"http://127.0.0.1:{port}/")

    with pytest.raises(DeliveryError, match="could not be reached") as caught:
        EmailChannel().deliver(delivery_request())
    assert not caught.value.permanent


def test_a_service_that_is_not_set_up_is_tried_again_because_operators_mend_it(settings: Settings) -> None:
    with mail_service(settings) as service:
        settings.ANYMAIL = {}
        with pytest.raises(DeliveryError, match="not set up") as caught:
            EmailChannel().deliver(delivery_request())

    assert not caught.value.permanent
    assert service.taken == []


def test_what_is_none_of_its_errors_is_left_alone() -> None:
    assert explained_by_service(DeliveryWithheld()) is None
