"""The one folder that the example project writes to."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def prepare_folder(path: Path) -> Path:
    """Make sure that a folder is there and can be written to.

    :raises ImproperlyConfigured: it cannot; the message says how to go on.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe = path / f".probe-{secrets.token_hex(8)}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        msg = (
            f"The folder {path} cannot be written to ({error.strerror}). "
            f"Make it writable, or name another one in EXAMPLE_VAR_DIR."
        )
        raise ImproperlyConfigured(msg) from error
    return path


def remembered_secret(path: Path, *, length: int = 48) -> str:
    """Return the secret kept in a file that only its owner can read; the first call makes it up.

    :param length: bytes of randomness.
    :raises ImproperlyConfigured: the file cannot be read or written.
    """
    try:
        return _read(path) or _create(path, length)
    except OSError as error:
        msg = f"The file {path} cannot be read or written ({error.strerror}). Check who owns it, or delete it."
        raise ImproperlyConfigured(msg) from error


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _create(path: Path, length: int) -> str:
    # Written aside and linked into place: of two processes that start at once, both end up with the same secret.
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123  # opened with its mode
        file.write(secrets.token_urlsafe(length) + "\n")
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        if not _read(path):
            aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return _read(path)
