"""A body is JSON and says so; whatever else it is called is 415: attack 090."""

from __future__ import annotations

import gzip
import json

import pytest
from django.test import Client

from tests.api.matrix.endpoints import ENDPOINTS
from tests.api.matrix.requests import faults
from tests.api.matrix.table import new_schedule
from tests.api.world.world import World

Writing = tuple[str, str]

FOREIGN = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/html", "text/json",
    "application/xml", "text/xml", "application/yaml", "application/octet-stream", "application/jsonp",
    "application/json-patch+json", "application/merge-patch+json", "application/vnd.api+json", "application/x-json",
    "json", "*/*", "application/*", "", "nonsense", "application/json, text/plain", "é/é",
)  # fmt: skip


@pytest.mark.parametrize("content_type", FOREIGN)
@pytest.mark.usefixtures("nothing_stored")
def test_attack_090_another_content_type_is_refused(
    content_type: str, writing: Writing, manager: Client, world: World
) -> None:
    body = json.dumps(new_schedule(world.alpha) if writing[0] == "POST" else {"name": "Changed"})

    answer = manager.generic(*writing, body, content_type)

    assert (answer.status_code, faults(answer, writing[0])) == (415, [])


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"name=Changed&csrfmiddlewaretoken=x"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\na\r\n--x--'),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("nothing_stored")
def test_attack_090_a_form_is_refused_also_where_the_check_against_forgery_has_read_it(
    content_type: str, body: bytes, writing: Writing, manager: Client
) -> None:
    browser = Client(enforce_csrf_checks=True)
    token = "a" * 32
    browser.cookies = manager.cookies
    browser.cookies["csrftoken"] = token

    answer = browser.generic(*writing, body, content_type, headers={"X-CSRFToken": token})

    assert (answer.status_code, faults(answer, writing[0])) == (415, [])


@pytest.mark.usefixtures("nothing_stored")
def test_a_browser_without_the_token_against_forgery_is_refused(writing: Writing, manager: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = manager.cookies

    answer = browser.generic(*writing, b"{}", "application/json")

    assert (answer.status_code, faults(answer, writing[0])) == (403, [])


@pytest.mark.parametrize(
    "charset", ["utf-8", "UTF-8", "latin-1", "utf-16", "utf-7", "hex", "idna", "rot13", "none", ""]
)
def test_attack_090_json_is_utf_8_whatever_charset_is_named(charset: str, manager: Client, world: World) -> None:
    path = ENDPOINTS["report-schedule-detail"].paths(world.alpha.schedule.pk)[1]

    answer = manager.generic("PATCH", path, '{"name": "Größe +AGE-"}'.encode(), f"application/json; charset={charset}")

    assert (answer.status_code, answer.json()["name"]) == (200, "Größe +AGE-")


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "utf-16", "utf-7", "hex", "idna", "rot13", "none", ""])
def test_attack_090_a_query_string_is_utf_8_whatever_charset_is_named(
    charset: str, manager: Client, world: World
) -> None:
    path = ENDPOINTS["report-schedule-list"].paths()[1]
    world.alpha.schedule.__class__.objects.filter(pk=world.alpha.schedule.pk).update(name="Größe +AGE-")

    answer = manager.generic(
        "GET", path, b"", f"application/json; charset={charset}", QUERY_STRING="search=Gr%C3%B6%C3%9Fe%20%2BAGE-"
    )

    assert answer.status_code == 200
    assert [result["id"] for result in answer.json()["results"]] == [str(world.alpha.schedule.pk)]


@pytest.mark.usefixtures("nothing_stored")
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip"])
def test_a_compressed_body_is_refused(coding: str, writing: Writing, manager: Client, world: World) -> None:
    body = gzip.compress(json.dumps(new_schedule(world.alpha)).encode())

    answer = manager.generic(*writing, body, "application/json", headers={"Content-Encoding": coding})

    assert answer.status_code in {400, 415}
    assert faults(answer, writing[0]) == []
