"""A client of the example's token endpoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from tests.factories import UserFactory

PASSWORD = "correct horse battery staple"


@dataclass
class ApiClient:
    """What a program at a customer's does."""

    http: Client = field(default_factory=Client)

    def post(self, path: str, data: Any, **headers: str) -> Any:
        return self.http.post(f"/api/token/{path}", data, content_type="application/json", **headers)

    def log_in(self, username: str, password: str = PASSWORD, **headers: str) -> Any:
        return self.post("", {"username": username, "password": password}, **headers)

    def refresh(self, token: str) -> Any:
        return self.post("refresh/", {"refresh": token})

    def log_out(self, token: str) -> Any:
        return self.post("logout/", {"refresh": token})

    def who_am_i(self, access: str) -> Any:
        return self.http.get("/who-am-i/", headers={"authorization": f"Bearer {access}"})


@pytest.fixture(autouse=True)
def token_host() -> Iterator[None]:
    """A host with the endpoints, where nobody has tried to log in yet."""
    cache.clear()
    with override_settings(ROOT_URLCONF="tests.example.tokens.urls"):
        yield
    cache.clear()


@pytest.fixture
def api() -> ApiClient:
    return ApiClient()


@pytest.fixture
def person(db: None) -> Any:
    user = UserFactory(username="bob")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def pair(api: ApiClient, person: Any) -> dict[str, str]:
    """The tokens of a login that was just made."""
    return dict(api.log_in("bob").json())
