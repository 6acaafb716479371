"""Values that only their own place in the database, and only a holder of the keys, opens."""

from __future__ import annotations

import base64
import importlib
import traceback
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.test.utils import override_settings

from django_report_scheduling import sealing
from django_report_scheduling.exceptions import Unsealable
from django_report_scheduling.sealing import is_current, reseal, seal, unseal

OLD = "old-" + "k" * 32
NEW = "new-" + "k" * 32
PLACE = "webhookendpoint:018f0000-0000-7000-8000-000000000001:secret"
CANARY = "whsec_canary"


def keys(*given: Any) -> override_settings:
    return override_settings(REPORT_SCHEDULING={"SECRET_KEYS": list(given)})


@keys(NEW)
def test_a_sealed_value_opens_in_its_place() -> None:
    assert unseal(seal("Zoë whsec_…", place=PLACE), place=PLACE) == "Zoë whsec_…"


@keys(NEW)
def test_a_sealed_value_does_not_show_what_is_in_it() -> None:
    sealed = seal(CANARY, place=PLACE)
    assert CANARY not in sealed
    assert CANARY.encode() not in base64.urlsafe_b64decode(sealed)
    assert sealed != seal(CANARY, place=PLACE)


@keys(NEW)
def test_attack_039_a_value_copied_to_another_row_does_not_open() -> None:
    sealed = seal(CANARY, place=PLACE)
    for place in (PLACE.replace("1:", "2:"), PLACE.replace("secret", "previous_secret"), ""):
        with pytest.raises(Unsealable, match="altered or copied from elsewhere"):
            unseal(sealed, place=place)


@keys(NEW)
def test_attack_039_a_flipped_bit_is_noticed_wherever_it_is() -> None:
    sealed = base64.urlsafe_b64decode(seal(CANARY, place=PLACE))
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1
        with pytest.raises(Unsealable):
            unseal(base64.urlsafe_b64encode(altered).decode(), place=PLACE)


FOREIGN = Fernet(base64.urlsafe_b64encode(b"k" * 32)).encrypt_at_time(b"x", 0).decode()


@pytest.mark.parametrize(
    "planted",
    [CANARY, "", "é", "gAAAAA", FOREIGN],
    ids=["a secret", "nothing", "no ASCII", "the start of a token", "under a foreign key"],
)
@keys(NEW)
def test_attack_039_what_was_never_sealed_is_not_returned(planted: str) -> None:
    with pytest.raises(Unsealable):
        unseal(planted, place=PLACE)
    assert not is_current(planted, place=PLACE)
    with pytest.raises(Unsealable):
        reseal(planted, place=PLACE)


def test_attack_039_without_its_key_a_value_does_not_open() -> None:
    with keys(OLD):
        sealed = seal(CANARY, place=PLACE)
    with keys(NEW), pytest.raises(Unsealable, match=r'no longer in REPORT_SCHEDULING\["SECRET_KEYS"\]') as refusal:
        unseal(sealed, place=PLACE)
    assert PLACE in str(refusal.value)
    assert sealed not in "".join(traceback.format_exception(refusal.value))


def test_attack_040_an_older_key_still_opens_and_the_newest_one_seals() -> None:
    with keys(OLD):
        old = seal(CANARY, place=PLACE)
    with keys(NEW, OLD):
        assert unseal(old, place=PLACE) == CANARY
        new = seal(CANARY, place=PLACE)
    with keys(NEW):
        assert unseal(new, place=PLACE) == CANARY


def test_attack_040_resealing_frees_the_old_key_and_changes_nothing_the_second_time() -> None:
    with keys(OLD):
        old = seal(CANARY, place=PLACE)
    with keys(NEW, OLD):
        assert not is_current(old, place=PLACE)
        new = reseal(old, place=PLACE)
        assert is_current(new, place=PLACE)
        assert reseal(new, place=PLACE) == new
    with keys(NEW):
        assert unseal(new, place=PLACE) == CANARY


@pytest.mark.parametrize(
    "work", [lambda: seal("x", place=PLACE), lambda: unseal("x", place=PLACE)], ids=["seal", "unseal"]
)
def test_without_keys_the_error_names_the_setting(work: Any) -> None:
    with (
        override_settings(REPORT_SCHEDULING={}),
        pytest.raises(ImproperlyConfigured, match=r'REPORT_SCHEDULING\["SECRET_KEYS"\] is empty'),
    ):
        work()


@pytest.mark.parametrize("wrong", [["short"], [NEW, "k" * 31], NEW, [NEW.encode()], [7]])
def test_weak_keys_are_refused_and_not_repeated(wrong: Any) -> None:
    with (
        override_settings(REPORT_SCHEDULING={"SECRET_KEYS": wrong}),
        pytest.raises(ImproperlyConfigured, match="at least 32 characters") as refusal,
    ):
        seal("x", place=PLACE)
    assert "kkk" not in str(refusal.value)


@keys(NEW)
def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(sealing, "import_module", missing)
    with pytest.raises(ImproperlyConfigured, match=r"pip install 'django-report-scheduling\[webhooks\]'"):
        seal("x", place=PLACE)


def test_the_way_keys_are_derived_never_changes() -> None:
    """Another result here would make every stored secret unreadable."""
    hashes = importlib.import_module("cryptography.hazmat.primitives.hashes")
    hkdf = importlib.import_module("cryptography.hazmat.primitives.kdf.hkdf")
    info = b"django-report-scheduling sealed value 1:" + PLACE.encode()
    derived = hkdf.HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(NEW.encode())
    sealed = Fernet(base64.urlsafe_b64encode(derived)).encrypt(CANARY.encode()).decode()
    with keys(NEW):
        assert unseal(sealed, place=PLACE) == CANARY
