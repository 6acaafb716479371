"""Somebody with a browser and a keyboard, in a process of its own, as the event loop of Playwright wants it.

Arguments: path of Chromium, folder for pictures, colour scheme, URL. Opens the page, presses its button by keyboard,
and prints what was seen before and after, as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

PHONE = {"width": 375, "height": 667}
PATIENCE = 60_000


def seen(page: Page, picture: Path) -> dict[str, Any]:
    page.screenshot(path=str(picture))
    return {
        "heading": page.inner_text("h1"),
        "text": page.inner_text("main"),
        "width": page.evaluate("document.documentElement.scrollWidth"),
        "styled": page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth"),
        "background": page.evaluate("getComputedStyle(document.body).backgroundColor"),
        "focus": page.evaluate("document.activeElement.tagName"),
    }


def main(chromium: str, folder: str, scheme: Any, url: str) -> None:
    complaints: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=PHONE, color_scheme=scheme)
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        views = [seen(page, Path(folder) / "before.png")]
        if page.query_selector("button"):
            page.keyboard.press("Tab")
            views[0]["focus"] = page.evaluate("document.activeElement.tagName")
            with page.expect_navigation():
                page.keyboard.press("Enter")
            views.append(seen(page, Path(folder) / "after.png"))
        requested = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        browser.close()
    sys.stdout.write(json.dumps({"views": views, "complaints": complaints, "requested": requested}))


if __name__ == "__main__":
    main(*sys.argv[1:])
