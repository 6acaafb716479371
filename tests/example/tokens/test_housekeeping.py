"""What is checked at start-up, what is deleted in time, and what knows the library."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone
from tokens import families
from tokens.checks import check_settings
from tokens.models import RevokeReason, TokenFamily
from tokens.signing import InvalidToken
from tokens.tasks import purge

from tests.example.conftest import EXAMPLE, ROOT, Manage
from tests.example.tokens.conftest import ApiClient
from tests.factories import UserFactory


def imports(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def test_one_module_knows_the_library() -> None:
    folders = (EXAMPLE, ROOT / "django_report_scheduling")
    knowing = {
        str(path.relative_to(EXAMPLE))
        for folder in folders
        for path in folder.rglob("*.py")
        if any(name.partition(".")[0] in {"rest_framework_simplejwt", "jwt"} for name in imports(path.read_text()))
    }
    assert knowing == {"tokens/signing.py"}


@pytest.mark.parametrize(
    ("keys", "wrong"),
    [
        ([], ["tokens.E001"]),
        (["too-short"], ["tokens.E001"]),
        (["a-key-that-is-long-enough-for-hs256", "too-short"], ["tokens.E001"]),
        (["the-secret-key-of-this-host-is-long"], ["tokens.E002"]),
        (["a-key-that-is-long-enough-for-hs256", "the-former-secret-key-is-just-as-long"], ["tokens.E002"]),
        (["a-key-that-is-long-enough-for-hs256"], []),
    ],
)
def test_attack_104_a_signing_key_that_is_short_or_the_secret_key_is_reported(
    keys: list[str], wrong: list[str]
) -> None:
    with override_settings(
        SECRET_KEY="the-secret-key-of-this-host-is-long",
        SECRET_KEY_FALLBACKS=["the-former-secret-key-is-just-as-long"],
        TOKENS={**settings.TOKENS, "SIGNING_KEYS": keys},
    ):
        assert [problem.id for problem in check_settings(None)] == wrong


def test_attack_104_the_example_makes_up_a_signing_key_of_its_own(manage: Manage, var_folder: Path) -> None:
    assert manage("check", "--fail-level", "WARNING").returncode == 0

    key, secret_key = (var_folder / name for name in ("jwt_signing_key", "secret_key"))
    assert len(key.read_text().strip()) >= 32
    assert key.read_text() != secret_key.read_text()
    assert key.stat().st_mode & 0o077 == 0


def test_a_misspelt_setting_is_refused() -> None:
    with override_settings(TOKENS={**settings.TOKENS, "ACESS_LIFETIME": 5}), pytest.raises(TypeError, match="acess"):
        check_settings(None)


@pytest.mark.django_db
def test_what_has_expired_is_deleted_and_nothing_else(api: ApiClient, pair: dict[str, str]) -> None:
    old = families.begin(UserFactory(), now=timezone.now() - dt.timedelta(days=1, seconds=1))

    assert purge() == 1
    assert api.refresh(old.refresh).status_code == 401
    assert api.refresh(pair["refresh"]).status_code == 200


@pytest.mark.django_db
def test_attack_102_a_user_deleted_during_the_login_gets_no_tokens() -> None:
    user = UserFactory()
    type(user).objects.filter(pk=user.pk).delete()

    with pytest.raises(InvalidToken):
        families.begin(user, now=timezone.now())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"revoked_at": timezone.now()},
        {"revoke_reason": RevokeReason.REUSE},
        {"revoked_at": timezone.now(), "revoke_reason": "mood"},
        {"rotated_at": timezone.now()},
        {"expires_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
    ],
    ids=[
        "revoked without a reason",
        "a reason alone",
        "an unknown reason",
        "rotated from nothing",
        "over before it began",
    ],
)
def test_the_database_holds_what_must_be_true(pair: dict[str, str], changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TokenFamily.objects.update(**changes)
