"""Tokens that are not ours, or not for this: refused, each with the same 401 (ATTACKS 103 and 104)."""

from __future__ import annotations

import base64
import datetime as dt
import hmac
import json
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.core.signing import get_cookie_signer
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st
from tokens.models import TokenFamily
from tokens.signing import InvalidToken, TokenKind, read

from tests.example.tokens.conftest import ApiClient

KEY = settings.TOKENS["SIGNING_KEYS"][0]
PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----\n"


def payload(kind: str, **changes: Any) -> dict[str, Any]:
    """The claims of a good token of the one login there is, with some of them changed; ``None`` leaves one out."""
    family = TokenFamily.objects.get()
    claims = {
        "token_type": kind,
        "exp": int(dt.datetime.now(dt.UTC).timestamp()) + 60,
        "jti": family.current.hex,
        "family": family.pk.hex,
        "iss": "tests",
        "aud": "tests/api",
    }
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(kind: str, key: str = KEY, algorithm: str = "HS256", **changes: Any) -> str:
    return jwt.encode(payload(kind, **changes), key, algorithm=algorithm)


def header(algorithm: str) -> str:
    return b64(json.dumps({"alg": algorithm, "typ": "JWT"}).encode())


def unsigned(kind: str, algorithm: str) -> str:
    return f"{header(algorithm)}.{b64(json.dumps(payload(kind)).encode())}."


def nested(kind: str) -> str:
    deep = b64(b'{"alg":' * 100 + b'"none"' + b"}" * 100)
    return f"{deep}.{deep}.{b64(b'x' * 32)}"


def relabelled(kind: str) -> str:
    """A good token whose header says another algorithm."""
    _header, claims, signature = signed(kind).split(".")
    return f"{header('RS256')}.{claims}.{signature}"


def signed_with_public_key(kind: str) -> str:
    """HMAC with what an attacker might take for our public key; PyJWT itself would refuse to sign so."""
    text = unsigned(kind, "HS256").removesuffix(".")
    return f"{text}.{b64(hmac.digest(PUBLIC_KEY.encode(), text.encode(), 'sha256'))}"


def a_second_ago() -> int:
    return int(dt.datetime.now(dt.UTC).timestamp()) - 1


FORGERIES: dict[str, Callable[[str], str]] = {
    "alg none": lambda kind: unsigned(kind, "none"),
    "alg None in capitals": lambda kind: unsigned(kind, "NONE"),
    "no signature": lambda kind: unsigned(kind, "HS256"),
    "says RS256": relabelled,
    "HS512": lambda kind: signed(kind, algorithm="HS512", key=KEY * 2),
    "somebody else's key": lambda kind: signed(kind, key="x" * 48),
    "the secret key": lambda kind: signed(kind, key=settings.SECRET_KEY.ljust(32, "!")),
    "a public key as a secret": signed_with_public_key,
    "another audience": lambda kind: signed(kind, aud="tests/other"),
    "no audience": lambda kind: signed(kind, aud=None),
    "another issuer": lambda kind: signed(kind, iss="somebody"),
    "no issuer": lambda kind: signed(kind, iss=None),
    "the other type": lambda kind: signed({"access": "refresh", "refresh": "access"}[kind]),
    "no type": lambda kind: signed(kind, token_type=None),
    "expired a second ago": lambda kind: signed(kind, exp=a_second_ago()),
    "no end": lambda kind: signed(kind, exp=None),
    "an end that is no number": lambda kind: signed(kind, exp="tomorrow"),
    "no identifier": lambda kind: signed(kind, jti=None),
    "no family": lambda kind: signed(kind, family=None),
    "an unknown family": lambda kind: signed(kind, family=uuid.uuid4().hex),
    "a family that is no UUID": lambda kind: signed(kind, family=["x"]),
    "huge": lambda kind: signed(kind, more="x" * 100_000),
    "nested": nested,
    "not before tomorrow": lambda kind: signed(kind, nbf=a_second_ago() + 86_400),
    "critical header": lambda kind: jwt.encode(payload(kind), KEY, headers={"crit": ["x"], "x": 1}),
    "a signed cookie": lambda _kind: get_cookie_signer().sign("refresh"),
    "nothing": lambda _kind: "....",
    "binary": lambda _kind: "\x7f.é.\u2028",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_attack_103_a_forged_token_is_refused_everywhere(
    api: ApiClient, pair: dict[str, str], forgery: Callable[[str], str]
) -> None:
    api.http.raise_request_exception = True
    opened = api.who_am_i(forgery("access").encode().decode("latin-1"))
    refreshed = api.refresh(forgery("refresh"))
    ended = api.log_out(forgery("refresh"))

    assert (opened.status_code, refreshed.status_code) == (401, 401)
    assert ended.status_code == 401 or forgery is FORGERIES["an unknown family"]
    assert api.who_am_i(pair["access"]).status_code == 200


def test_the_forgeries_are_made_as_good_tokens_are(api: ApiClient, pair: dict[str, str]) -> None:
    assert api.who_am_i(signed("access")).status_code == 200
    assert api.refresh(signed("refresh")).status_code == 200


def test_attack_103_a_refresh_token_opens_nothing_and_an_access_token_refreshes_nothing(
    api: ApiClient, pair: dict[str, str]
) -> None:
    assert api.who_am_i(pair["refresh"]).status_code == 401
    assert api.refresh(pair["access"]).status_code == 401
    assert api.log_out(pair["access"]).status_code == 401


@given(text=st.text(st.characters(codec="utf-8"), max_size=200) | st.from_regex(r"[\w-]*\.[\w-]*\.[\w-]*"))
def test_attack_103_whatever_text_comes_it_is_only_refused(text: str) -> None:
    with pytest.raises(InvalidToken):
        read(TokenKind.ACCESS, text)


def test_attack_104_a_rotated_signing_key_still_verifies_what_it_has_signed(
    api: ApiClient, pair: dict[str, str]
) -> None:
    with override_settings(TOKENS={**settings.TOKENS, "SIGNING_KEYS": ["the-next-key-of-at-least-32-bytes", KEY]}):
        later = api.refresh(pair["refresh"]).json()
        assert api.who_am_i(pair["access"]).status_code == 200
        assert api.who_am_i(later["access"]).status_code == 200
    assert api.who_am_i(later["access"]).status_code == 401


def test_attack_104_once_the_old_key_is_gone_its_tokens_are_too(api: ApiClient, pair: dict[str, str]) -> None:
    with override_settings(TOKENS={**settings.TOKENS, "SIGNING_KEYS": ["the-next-key-of-at-least-32-bytes"]}):
        assert api.refresh(pair["refresh"]).status_code == 401
        assert api.who_am_i(pair["access"]).status_code == 401
