"""A real browser for the tests: Debian's Chromium, headless, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# It is kept from looking for updates, and is root in a container.
_OPTIONS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser, or a skip where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.skip("there is no chromium here; apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=_OPTIONS)
        yield started
        started.close()


class Opened:
    """A page that a browser has opened, and all that went wrong or was asked for meanwhile."""

    def __init__(self, browser: Browser, file: Path, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.file, self.faults, self.requests = file, list[str](), list[str]()
        self.page.on("console", lambda message: self.faults.append(message.text))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("dialog", lambda dialog: self.faults.append(dialog.message))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(self.url())

    def url(self, fragment: str = "") -> str:
        return f"{self.file.as_uri()}{fragment}"

    def rules(self) -> list[str]:
        """The ids of the rules that are shown, in the order of the page."""
        shown = self.page.locator("article.rule:not([hidden])")
        return [str(each.get_attribute("id")) for each in shown.all()]
