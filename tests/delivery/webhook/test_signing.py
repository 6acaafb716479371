"""Signatures by Standard Webhooks 1.0, checked by the verifiers that others wrote."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
import standardwebhooks
import svix.webhooks
import time_machine
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from django_report_scheduling.delivery.webhook.client import WebhookClient
from django_report_scheduling.delivery.webhook.secret import Secret
from django_report_scheduling.delivery.webhook.signing import TOLERANCE, message_id, signed_headers
from tests.delivery.webhook.receiver import URL, answering, receiver, server_context

NOW = dt.datetime(2026, 3, 2, 7, 0, 0, 900_000, tzinfo=dt.UTC)
ID = "msg_018f0000000070008000000000000001"
SECRET = Secret.parse("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
OTHER = Secret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
VERIFIERS = [standardwebhooks.Webhook, svix.webhooks.Webhook]
REFUSALS = (standardwebhooks.WebhookVerificationError, svix.webhooks.WebhookVerificationError)


def signed(body: bytes, *secrets: Secret) -> dict[str, str]:
    return dict(signed_headers(message_id=ID, now=NOW, body=body, secrets=secrets or (SECRET,)))


def test_attack_032_the_known_answer_of_the_specification() -> None:
    headers = signed_headers(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        now=dt.datetime.fromtimestamp(1614265330, dt.UTC),
        body=b'{"test": 2432232314}',
        secrets=[Secret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_second_header_holds_the_same_code_in_hexadecimal() -> None:
    key = b"\x0b\x61\x55\xb0\x14\x08\x86\xbb\x1c\x0a\x19\x50\x20\xc5\x7e\x6f\x9b\x12\x62\xca\x68\x6f\xba\x03"
    code = hmac.new(key, f"{ID}.{int(NOW.timestamp())}.{{}}".encode(), hashlib.sha256).hexdigest()
    assert signed(b"{}")["x-webhook-signature"] == f"sha256={code}"


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda values: st.lists(values) | st.dictionaries(st.text(), values),
        max_leaves=5,
    ).map(lambda value: json.dumps(value).encode()),
)
def test_attack_032_the_reference_verifiers_accept_every_message(body: bytes) -> None:
    headers = signed(body)
    with time_machine.travel(NOW, tick=False):
        for verifier in VERIFIERS:
            verifier(SECRET.reveal()).verify(body, dict(headers))


def test_attack_041_during_the_overlap_either_secret_verifies() -> None:
    headers = signed(b"{}", SECRET, OTHER)
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert len(headers["x-webhook-signature"].split(" ")) == 2
    with time_machine.travel(NOW, tick=False):
        for secret in (SECRET, OTHER):
            standardwebhooks.Webhook(secret.reveal()).verify(b"{}", headers)


def _change(**changes: str) -> Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]:
    return lambda headers, body: ({**headers, **{name.replace("_", "-"): to for name, to in changes.items()}}, body)


TAMPERINGS: Mapping[str, Any] = {
    "body": lambda headers, body: (headers, body + b" "),
    "id": _change(webhook_id=ID[:-1] + "2"),
    "timestamp": _change(webhook_timestamp=str(int(NOW.timestamp()) + 1)),
    "id and timestamp swapped": lambda headers, body: (
        {**headers, "webhook-id": headers["webhook-timestamp"], "webhook-timestamp": headers["webhook-id"]}, body
    ),
    "truncated": lambda headers, body: (
        {**headers, "webhook-signature": headers["webhook-signature"][:-5] + "="}, body
    ),
    "other version": lambda headers, body: (
        {**headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,")}, body
    ),
    "no signature": _change(webhook_signature=""),
}  # fmt: skip


@pytest.mark.parametrize("verifier", VERIFIERS)
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_attack_034_whatever_is_altered_is_noticed(verifier: Any, tampering: str) -> None:
    headers, body = TAMPERINGS[tampering](signed(b"{}"), b"{}")
    with time_machine.travel(NOW, tick=False), pytest.raises((*REFUSALS, ValueError)):
        verifier(SECRET.reveal()).verify(body, headers)


@pytest.mark.parametrize("verifier", VERIFIERS)
def test_attack_034_another_secret_is_noticed(verifier: Any) -> None:
    with time_machine.travel(NOW, tick=False), pytest.raises(REFUSALS):
        verifier(OTHER.reveal()).verify(b"{}", signed(b"{}"))


@pytest.mark.parametrize("seconds", [-2, 2])
def test_attack_035_an_old_or_a_future_message_is_refused(seconds: int) -> None:
    late = NOW + (TOLERANCE + dt.timedelta(seconds=abs(seconds))) * (1 if seconds > 0 else -1)
    with time_machine.travel(late, tick=False), pytest.raises(REFUSALS):
        standardwebhooks.Webhook(SECRET.reveal()).verify(b"{}", signed(b"{}"))


def test_attack_035_a_retry_carries_the_same_id_and_a_new_time() -> None:
    later = NOW + dt.timedelta(hours=1)
    headers = dict(signed_headers(message_id=ID, now=later, body=b"{}", secrets=[SECRET]))
    assert headers["webhook-id"] == signed(b"{}")["webhook-id"]
    assert headers["webhook-timestamp"] == str(int(later.timestamp()))
    with time_machine.travel(later, tick=False):
        standardwebhooks.Webhook(SECRET.reveal()).verify(b"{}", headers)


def test_attack_036_an_id_is_made_of_letters_digits_and_underscores() -> None:
    assert message_id(UUID("018f0000-0000-7000-8000-000000000001")) == ID


@pytest.mark.parametrize("wrong", ["msg.1", "", "msg 1", "msg_1\n", "a" * 65, "msg_é", "018f-0000"])
def test_attack_036_another_id_is_not_signed(wrong: str) -> None:
    with pytest.raises(ValueError, match="A message id consists of"):
        signed_headers(message_id=wrong, now=NOW, body=b"{}", secrets=[SECRET])


def test_nothing_is_signed_without_a_secret() -> None:
    with pytest.raises(ValueError, match="at least one secret"):
        signed_headers(message_id=ID, now=NOW, body=b"{}", secrets=[])


def test_nothing_is_signed_at_a_naive_time() -> None:
    with pytest.raises(ValueError, match="must be aware"):
        signed_headers(message_id=ID, now=NOW.replace(tzinfo=None), body=b"{}", secrets=[SECRET])


@pytest.mark.parametrize("body", ['{"b":1.10,"a":"Zoë \\u2028"}'.encode(), b"{}", b'{"a":[1e400]}'])
def test_attack_033_a_receiver_recomputes_the_signature_from_what_arrived(
    client_for: Callable[..., WebhookClient], authority: trustme.CA, body: bytes
) -> None:
    with receiver(answering(), server_context(authority)) as server:
        client_for(server).post(URL, body=body, headers=signed(body), now=NOW, seconds=10)
    (request,) = server.requests
    arrived = {name.lower(): value for name, value in request.headers}
    with time_machine.travel(NOW, tick=False):
        for verifier in VERIFIERS:
            verifier(SECRET.reveal()).verify(request.body, dict(arrived))


def test_attack_033_an_empty_body_is_signed_as_it_is(
    client_for: Callable[..., WebhookClient], authority: trustme.CA
) -> None:
    with receiver(answering(), server_context(authority)) as server:
        client_for(server).post(URL, body=b"", headers=signed(b""), now=NOW, seconds=10)
    (request,) = server.requests
    arrived = {name.lower(): value for name, value in request.headers}
    with time_machine.travel(NOW, tick=False):
        standardwebhooks.Webhook(SECRET.reveal()).verify(request.body, arrived, json_parse=False)
