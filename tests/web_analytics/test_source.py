from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest

from django_report_scheduling.contrib.web_analytics.access_log.exceptions import AccessLogError
from django_report_scheduling.contrib.web_analytics.access_log.source import LINE_LIMIT, open_log, read_lines


def lines_of(name: Path | str, standard_input: bytes = b"") -> list[bytes]:
    with open_log(str(name), io.BytesIO(standard_input)) as stream:
        return [line for lines in read_lines(stream) for line in lines]


class Pipe(io.BytesIO):
    """Bytes that cannot be read twice, as those of a pipe."""

    def seekable(self) -> bool:
        return False


def test_reads_a_plain_file(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.write_bytes(b"one\ntwo\n\nlast without end")

    assert lines_of(log) == [b"one", b"two", b"", b"last without end"]


def test_reads_a_gzip_file_whatever_its_name(tmp_path: Path) -> None:
    log = tmp_path / "access.log.2"
    log.write_bytes(gzip.compress(b"one\ntwo\n"))

    assert lines_of(log) == [b"one", b"two"]


def test_reads_standard_input() -> None:
    assert lines_of("-", b"one\ntwo\n") == [b"one", b"two"]


def test_reads_gzip_from_a_pipe() -> None:
    with open_log("-", Pipe(gzip.compress(b"one\n"))) as stream:
        assert stream.read() == b"one\n"


def test_standard_input_stays_open() -> None:
    standard_input = io.BytesIO(b"one\n")
    with open_log("-", standard_input):
        pass

    assert not standard_input.closed


def test_a_line_may_span_several_reads() -> None:
    class Drop(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(3)

    assert [line for lines in read_lines(Drop(b"first\nsecond line\n")) for line in lines] == [b"first", b"second line"]


def test_leaves_out_a_byte_order_mark() -> None:
    assert lines_of("-", b"\xef\xbb\xbfone\n") == [b"one"]


@pytest.mark.parametrize("length", [LINE_LIMIT + 1, 1 << 20, 3 << 20])
def test_cuts_off_an_overlong_line_and_goes_on_behind_it(length: int) -> None:
    found = lines_of("-", b"one\n" + b"x" * length + b"\ntwo\nthree")

    assert [found[0], *found[2:]] == [b"one", b"two", b"three"]
    assert LINE_LIMIT < len(found[1]) <= length


def test_an_overlong_last_line_is_cut_off_too() -> None:
    found = lines_of("-", b"x" * (3 << 20))

    assert [len(line) for line in found] == [LINE_LIMIT + 1]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AccessLogError, match=r"There is no file .*nowhere\.log; check the path"):
        lines_of(tmp_path / "nowhere.log")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AccessLogError, match="is a directory; name one log file"):
        lines_of(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.touch(mode=0)

    with pytest.raises(AccessLogError, match="cannot be opened: Permission denied"):
        lines_of(log)


def test_a_path_through_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(AccessLogError, match="cannot be opened: Not a directory"):
        lines_of(tmp_path / "file" / "access.log")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    log.touch()

    with pytest.raises(AccessLogError, match="is empty; there is nothing to import"):
        lines_of(log)


def test_an_empty_gzip_file_is_refused() -> None:
    with pytest.raises(AccessLogError, match="standard input holds nothing once unpacked"):
        lines_of("-", gzip.compress(b""))


def test_plain_text_named_gz_is_refused(tmp_path: Path) -> None:
    log = tmp_path / "access.log.gz"
    log.write_bytes(b"plain\n")

    with pytest.raises(AccessLogError, match=r"is named \.gz but is not a gzip file"):
        lines_of(log)


@pytest.mark.parametrize("damage", ["cut off", "changed", "followed by garbage"])
def test_a_damaged_gzip_file_is_refused_before_its_first_line(tmp_path: Path, damage: str) -> None:
    packed = bytearray(gzip.compress(os.urandom(5000)))
    if damage == "cut off":
        del packed[-100:]
    elif damage == "changed":
        packed[2500] ^= 0xFF
    else:
        packed += b"\x1f\x8b garbage"
    log = tmp_path / "access.log.gz"
    log.write_bytes(packed)

    with pytest.raises(AccessLogError, match=r"damaged or incomplete gzip file .* Nothing was imported"):
        lines_of(log)
