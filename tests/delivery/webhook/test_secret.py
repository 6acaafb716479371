"""Secrets: what is one, and where it never shows."""

from __future__ import annotations

import base64
import copy
import json
import pickle
from typing import Any

import pytest
from django.views.debug import ExceptionReporter

from django_report_scheduling.delivery.webhook.secret import Secret
from django_report_scheduling.exceptions import InvalidWebhookSecret

KEY = bytes(range(100, 132))
TEXT = "whsec_" + base64.b64encode(KEY).decode()


def _text(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


def test_a_secret_reads_what_it_reveals() -> None:
    assert Secret.parse(TEXT).reveal() == TEXT
    assert Secret.parse(TEXT) == Secret(KEY)


def test_attack_043_each_generated_secret_is_another_one_of_32_bytes() -> None:
    secrets = [Secret.generate().reveal() for _ in range(100)]
    assert len(set(secrets)) == 100
    assert {len(base64.b64decode(secret.removeprefix("whsec_"))) for secret in secrets} == {32}


@pytest.mark.parametrize("length", [24, 32, 64])
def test_attack_038_lengths_that_the_specification_allows(length: int) -> None:
    assert Secret.parse(_text(KEY[:1] * (length - 1) + b"x"))


@pytest.mark.parametrize(
    "text",
    [
        _text(KEY[:23]), _text(KEY * 2 + b"x"), _text(bytes(32)), _text(b"\xff" * 32), "whsec_", "",
        TEXT.removeprefix("whsec_"), TEXT.replace("whsec_", "WHSEC_"), TEXT[:-1], f"{TEXT}=", f"{TEXT} ", f"{TEXT}\n",
        TEXT[:20] + "-_" + TEXT[22:], TEXT[:20] + "\n" + TEXT[20:], TEXT[:20] + "é" + TEXT[21:], "whpk_" + TEXT[6:],
    ],
)  # fmt: skip
def test_attack_038_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(InvalidWebhookSecret) as refusal:
        Secret.parse(text)
    assert list(refusal.value.errors) == ["secret"]
    if len(text) > 10:
        assert text[6:] not in str(refusal.value)


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{0!r:>40}".format, lambda secret: f"{[secret]}"])
def test_attack_042_a_secret_is_masked_wherever_it_is_shown(shown: Any) -> None:
    text = shown(Secret.parse(TEXT))
    assert "********" in text
    assert TEXT[6:] not in text
    assert repr(KEY) not in text


def test_attack_042_a_secret_has_no_dict_to_dump() -> None:
    with pytest.raises(TypeError):
        vars(Secret(KEY))


@pytest.mark.parametrize("dump", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_attack_042_a_secret_cannot_be_serialised(dump: Any) -> None:
    with pytest.raises(TypeError):
        dump(Secret(KEY))


def test_attack_042_a_secret_is_no_key_of_a_dict() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(Secret(KEY))


def test_secrets_are_equal_by_their_bytes_and_to_nothing_else() -> None:
    assert Secret(KEY) != Secret(KEY[::-1])
    assert Secret(KEY) != TEXT


@pytest.mark.parametrize("make", [Secret, lambda key: Secret.parse(_text(key))])
def test_attack_118_a_refused_secret_is_not_in_an_error_report(make: Any) -> None:
    with pytest.raises(InvalidWebhookSecret) as refusal:
        make(KEY[:23])
    reporter = ExceptionReporter(None, refusal.type, refusal.value, refusal.tb)
    ours = [frame for frame in reporter.get_traceback_frames() if frame["filename"].endswith("webhook/secret.py")]
    assert ours
    for frame in ours:
        assert repr(KEY[:23]) not in str(frame["vars"])
        assert _text(KEY[:23])[6:] not in str(frame["vars"])
