"""Storages of the big providers as their own libraries make them, without a server: signing needs none."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2 import service_account
from storages.backends.azure_storage import AzureStorage
from storages.backends.gcloud import GoogleCloudStorage
from storages.backends.s3 import S3Storage

S3_OPTIONS: dict[str, Any] = {
    "access_key": "key",
    "secret_key": "secret",
    "bucket_name": "reports",
    "region_name": "eu-central-1",
    "signature_version": "s3v4",
    "file_overwrite": False,
    "object_parameters": {"ServerSideEncryption": "AES256"},
}
"""As the documentation says that it has to be."""


def s3(**changes: Any) -> S3Storage:
    return S3Storage(**(S3_OPTIONS | changes))


def azure(**changes: Any) -> AzureStorage:
    key = base64.b64encode(b"k" * 32).decode()
    return AzureStorage(**({"account_name": "acme", "account_key": key, "azure_container": "reports"} | changes))


def google(**changes: Any) -> GoogleCloudStorage:
    options = {"bucket_name": "reports", "project_id": "p", "credentials": _credentials(), "file_overwrite": False}
    return GoogleCloudStorage(**(options | changes))


@cache
def _credentials() -> service_account.Credentials:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    facts = {"client_email": "reports@p.example", "token_uri": "https://p.example", "private_key": key.decode()}
    return service_account.Credentials.from_service_account_info(facts)
