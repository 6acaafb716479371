"""What the endpoints take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class LoginSerializer(serializers.Serializer[Any]):
    """Name and password, as they are: a password may begin with a space."""

    username = serializers.CharField(max_length=254, trim_whitespace=False, write_only=True)
    password = serializers.CharField(
        max_length=1024, trim_whitespace=False, write_only=True, style={"input_type": "password"}
    )


class RefreshSerializer(serializers.Serializer[Any]):
    """A refresh token."""

    refresh = serializers.CharField(write_only=True, help_text="The refresh token of the last answer.")


class TokenPairSerializer(serializers.Serializer[Any]):
    """A pair of tokens."""

    access = serializers.CharField(help_text="For the header: “Authorization: Bearer …”.")
    refresh = serializers.CharField(help_text="For the next pair; good once.")


class TokenErrorSerializer(serializers.Serializer[Any]):
    """What went wrong, for people and for programs."""

    detail = serializers.CharField()
    code = serializers.CharField()
    errors = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Messages by field, where fields are wrong.",
    )
