"""Whom we believe about the names of servers: the list of certificate authorities that certifi ships."""

from __future__ import annotations

import ssl
from functools import lru_cache

from django_report_scheduling.delivery.webhook.libraries import library
from django_report_scheduling.delivery.webhook.outcome import AttemptFailed, OutcomeCode


@lru_cache(maxsize=1)
def public_trust() -> ssl.SSLContext:
    """Return the rules of every connection: TLS 1.2 or newer, certificates and names verified.

    ``SSL_CERT_FILE``, ``SSL_CERT_DIR`` and ``SSLKEYLOGFILE`` of the environment are not looked at. Read once per
    process; a list that cannot be read is tried again with the next attempt.

    :raises AttemptFailed: ``ca_store``: the list is missing, broken or empty.
    """
    return trust_from(library("certifi").where())


def trust_from(path: str) -> ssl.SSLContext:
    """Return the same rules with the certificate authorities of a file.

    :param path: a file with certificates in PEM.
    :raises AttemptFailed: ``ca_store``.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    try:
        context.load_verify_locations(cafile=path)
    except OSError as error:
        raise AttemptFailed(OutcomeCode.CA_STORE) from error
    if not context.cert_store_stats()["x509_ca"]:
        raise AttemptFailed(OutcomeCode.CA_STORE)
    return context
