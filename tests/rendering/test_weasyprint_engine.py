from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from django_report_scheduling.rendering import weasyprint_engine
from django_report_scheduling.rendering.pdf import PdfRenderer
from django_report_scheduling.rendering.weasyprint_engine import Engine, collector_resting, engine
from tests.rendering.samples import rendered, weekly_report


def test_one_engine_per_process(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = engine()
    assert engine() is ours
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert engine() is not ours
    weasyprint_engine._engines.pop(-1)


def test_the_collector_rests_and_wakes_up() -> None:
    assert gc.isenabled()
    with collector_resting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_host_that_switched_the_collector_off_keeps_it_so() -> None:
    gc.disable()
    try:
        with collector_resting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_page_of_its_own_gets_no_theme_and_no_tags_when_not_wanted() -> None:
    output = io.BytesIO()
    Engine().write_pdf("<html lang=en><title>x</title><p>Hello", output, embedded=frozenset(), variant=None)
    assert output.getvalue().startswith(b"%PDF-")
    assert b"StructTreeRoot" not in output.getvalue()


def test_nothing_stays_embedded_after_a_failure() -> None:
    tested = Engine()
    with pytest.raises(TypeError):
        tested.write_pdf(None, io.BytesIO(), embedded=frozenset({"data:x"}), variant=None)  # type: ignore[arg-type]  # on purpose
    assert tested.fetcher.embedded == frozenset()
    assert gc.isenabled()


def test_documents_of_several_threads_do_not_disturb_each_other() -> None:
    expected = rendered(PdfRenderer(), weekly_report())
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: rendered(PdfRenderer(), weekly_report()), range(3)))
    assert results == [expected] * 3


FORK = """
import os, sys
import django
django.setup()
from django_report_scheduling.rendering.pdf import PdfRenderer
from tests.rendering.samples import document, rendered
rendered(PdfRenderer(), document())
child = os.fork()
if not child:
    data = rendered(PdfRenderer(), document(name="株式会社はるか"))
    os._exit(0 if data.startswith(b"%PDF") else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.slow
def test_a_forked_child_that_needs_a_new_font_does_not_hang() -> None:
    command = [sys.executable, "-W", "ignore", "-c", FORK]
    subprocess.run(command, check=True, timeout=300, env=child_environment())


LATE = """
import sys
import django
django.setup()
from django_report_scheduling.rendering import renderers
for name in renderers:
    renderers[name]
print(*sorted({"weasyprint", "xlsxwriter"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_large_libraries_are_not_loaded_before_a_report_needs_them() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LATE],
        check=True,
        timeout=300,
        env=child_environment(),
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == ""


def child_environment() -> dict[str, str]:
    settings_module = str(os.environ["DJANGO_SETTINGS_MODULE"])
    return {**os.environ, "DJANGO_SETTINGS_MODULE": settings_module, "PYTHONPATH": os.pathsep.join([".", *sys.path])}
