"""Programs and fonts that some tests compare with; a test whose program is missing is left out, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import ceph, system_packages
from tools.shell import has_program, tell


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """Something of the operating system that tests use.

    :param checks: what is not run without it.
    """

    debian: str
    homebrew: str
    checks: str
    is_there: Callable[[], bool]


def _font(pattern: str) -> Callable[[], bool]:
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/System/Library/Fonts")]
    return lambda: any(next(folder.rglob(pattern), None) for folder in folders if folder.is_dir())


NEEDS = (
    Need(
        debian="goaccess",
        homebrew="goaccess",
        checks="the comparison of totals with goaccess",
        is_there=lambda: has_program("goaccess"),
    ),
    Need(
        debian="poppler-utils",
        homebrew="poppler",
        checks="the checks on PDF pages as images",
        is_there=lambda: has_program("pdftoppm"),
    ),
    Need(
        debian="chromium",
        homebrew="chromium",
        checks="the pages in a browser",
        is_there=lambda: any(map(has_program, ("chromium", "chromium-browser", "google-chrome"))),
    ),
    Need(
        debian="fonts-noto-core",
        homebrew="font-noto-sans",
        checks="right-to-left text in PDF",
        is_there=_font("NotoSans*-Regular.*"),
    ),
    Need(
        debian="fonts-noto-cjk",
        homebrew="font-noto-sans-cjk",
        checks="Chinese, Japanese and Korean text in PDF",
        is_there=_font("NotoSansCJK*"),
    ),
    Need(
        debian="fonts-noto-color-emoji",
        homebrew="font-noto-color-emoji",
        checks="emoji in PDF",
        is_there=_font("*olor*moji*"),
    ),
)


def install_what_is_missing() -> Iterator[tuple[str, str]]:
    """Install what can be installed; yields what is still missing and which checks that leaves out."""
    missing = [need for need in NEEDS if not need.is_there()]
    if missing:
        debian, homebrew = [need.debian for need in missing], [need.homebrew for need in missing]
        if not system_packages.install(debian=debian, homebrew=homebrew):
            tell(f"For all checks run: {system_packages.command(debian=debian, homebrew=homebrew)}")
    for need in missing:
        if not need.is_there():
            yield need.checks, f"{need.debian} is not installed"
    if reason := ceph.unpack():
        yield "the tests against a real S3 server", reason
