"""A mail server made of a folder: each message becomes a file that any mail program opens."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from email.generator import BytesGenerator
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.timezone import now


class EmlBackend(BaseEmailBackend):
    """Write each message to ``settings.MAIL_DIR`` as a file of its own, ``<time>-<recipient>-<random>.eml``."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages and return how many there were.

        :raises OSError: the folder cannot be written to.
        """
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            _write(folder, message)
        return len(email_messages)


def _write(folder: Path, message: EmailMessage) -> None:
    recipient = re.sub(r"[^A-Za-z0-9@._+]", "_", ",".join(message.recipients()))[:80]
    name = f"{now():%Y%m%d-%H%M%S}-{recipient}-{secrets.token_hex(3)}.eml"
    aside = folder / f".{name}"
    with aside.open("wb") as file:
        # The same on every Django: since 6.0 messages are of another class.
        BytesGenerator(file, mangle_from_=False).flatten(message.message(), linesep="\r\n")
    aside.replace(folder / name)
