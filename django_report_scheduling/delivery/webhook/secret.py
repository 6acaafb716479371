"""The secret that one endpoint's messages are signed with, in a wrapping that no log, dump or trace looks through."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from typing import Any, ClassVar, Final, NoReturn, Self

from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from django_report_scheduling.exceptions import InvalidWebhookSecret

PREFIX: Final = "whsec_"
GENERATED_BYTES: Final = 32
MIN_BYTES: Final = 24
MAX_BYTES: Final = 64
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Secret:
    """A secret of the Standard Webhooks specification 1.0: 24 to 64 bytes, written ``whsec_`` and then base64.

    Whatever prints, formats or serialises it by accident gets asterisks or an error; only :meth:`reveal` and
    :meth:`mac` look inside. Two secrets are compared in constant time.

    :param key: the bytes themselves.
    :raises InvalidWebhookSecret: too short, too long, or the same byte all over.
    """

    __slots__ = ("_key",)
    __hash__: ClassVar[None]  # type: ignore[assignment]

    @sensitive_variables()
    def __init__(self, key: bytes) -> None:
        if not MIN_BYTES <= len(key) <= MAX_BYTES:
            raise _invalid(
                _("A secret has %(min)d to %(max)d bytes, this one has %(given)d.")
                % {"min": MIN_BYTES, "max": MAX_BYTES, "given": len(key)}
            )
        if len(set(key)) == 1:
            raise _invalid(_("This secret is one byte repeated, which anybody guesses."))
        self._key = bytes(key)

    @classmethod
    def generate(cls) -> Self:
        """Return a new secret from the operating system's source of randomness."""
        return cls(secrets.token_bytes(GENERATED_BYTES))

    @classmethod
    @sensitive_variables()
    def parse(cls, text: str) -> Self:
        """Read a secret from ``whsec_…``.

        :raises InvalidWebhookSecret: the text is anything else. The message never repeats it.
        """
        encoded = text.removeprefix(PREFIX)
        if encoded == text or not _BASE64.fullmatch(encoded):
            raise _invalid(_("A secret is written whsec_ and then base64."))
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise _invalid(_("A secret is written whsec_ and then base64.")) from error
        return cls(key)

    def reveal(self) -> str:
        """Return ``whsec_…``, to show it once or to seal it."""
        return PREFIX + base64.b64encode(self._key).decode("ascii")

    def mac(self, content: bytes) -> bytes:
        """Return the HMAC-SHA256 of the content."""
        return hmac.digest(self._key, content, "sha256")

    def __eq__(self, other: object) -> bool:
        return hmac.compare_digest(self._key, other._key) if isinstance(other, Secret) else NotImplemented

    def __repr__(self) -> str:
        return "Secret('********')"

    __str__ = __repr__

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        msg = "A secret is not pickled or copied: pass the id of what it belongs to."
        raise TypeError(msg)


def _invalid(message: str) -> InvalidWebhookSecret:
    return InvalidWebhookSecret({"secret": [message]})
