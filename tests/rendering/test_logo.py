from __future__ import annotations

import base64
import io
import logging
import struct
import zlib

import pytest
from PIL import Image

from django_report_scheduling.rendering import logo
from django_report_scheduling.reports import AccountProfile
from tests.rendering.samples import png


def account(data: bytes | None) -> AccountProfile:
    return AccountProfile(id="17", slug="a", name="A", logo=data)


def decoded(uri: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def jpeg(mode: str = "RGB") -> bytes:
    target = io.BytesIO()
    Image.new(mode, (50, 20)).save(target, format="JPEG", comment=b"SECRET")
    return target.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_no_logo() -> None:
    assert logo.logo_uri(account(None)) == ""
    assert logo.logo_uri(account(b"")) == ""


def test_a_png_is_encoded_anew_and_scaled_down() -> None:
    uri = logo.logo_uri(account(png(2400, 600)))
    assert uri.startswith("data:image/png;base64,")
    image = decoded(uri)
    assert image.size == (800, 200)
    assert not image.info


def test_a_jpeg_loses_its_metadata_and_its_inks() -> None:
    uri = logo.logo_uri(account(jpeg("CMYK")))
    assert uri.startswith("data:image/jpeg;base64,")
    assert decoded(uri).mode == "RGB"
    assert b"SECRET" in jpeg()
    assert b"SECRET" not in base64.b64decode(logo.logo_uri(account(jpeg())).partition(",")[2])


EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(/etc/passwd) (r) file\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'
GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(EPS, id="eps"),
        pytest.param(SVG, id="svg"),
        pytest.param(GIF, id="gif"),
        pytest.param(b"\x00" * 100, id="noise"),
        pytest.param(png()[:20], id="cut off"),
        pytest.param(bomb(5_000, 5_000), id="more than the pixel limit"),
        pytest.param(bomb(12_000, 12_000), id="bomb that warns"),
        pytest.param(bomb(60_000, 60_000), id="bomb that raises"),
        pytest.param(png() + b"\0" * logo.MAX_FILE_SIZE, id="too many bytes"),
    ],
)
def test_attack_076_unsafe_logos_are_left_out(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "django_report_scheduling.rendering"):
        assert logo.logo_uri(account(data)) == ""
    assert "account 17" in caplog.text


def test_attack_076_what_hangs_on_to_a_png_is_not_kept() -> None:
    uri = logo.logo_uri(account(png() + b"<script>alert(1)</script>"))
    assert b"script" not in base64.b64decode(uri.partition(",")[2])
